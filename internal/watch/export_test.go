package watch

// Woke is what a watch does when the two clocks say that the machine has slept.
var Woke = (*Watch).woke
