package watch

// Woke is what a watch does when the two clocks say that the machine has slept.
var Woke = (*Watch).woke

// OnDisk gives a watch another disk than that of this machine.
func OnDisk(cfg *Config, d disk) { cfg.disk = d }
