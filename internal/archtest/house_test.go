package archtest_test

// module is the import path of the repository's root.
const module = "github.com/albumwright/albumwright"

// maxLines is where a file is too long, whatever it says.
const maxLines = 500

// arrows are what the packages of one folder may import. Folders are given
// below the root; in a pattern, * stands for one name.
type arrows struct {
	folder string
	ours   []string // packages of this module
	others []string // packages of other modules; nil = any
}

// house is docs/design.md, "The house", as a table. The first row that matches
// a folder counts; a folder without a row must not have Go files.
func house() []arrows {
	return []arrows{
		{folder: "cmd/albumwright", ours: list("pipeline", "photos", "upload", "ratelimit", "exif", "watcher", "emulator", "internal/*")},
		{folder: "examples/*", ours: public()},

		{folder: "pipeline", ours: list("watcher", "exif", "upload", "batch", "photos", "internal/*")},
		{folder: "upload", ours: list("photos")},
		{folder: "batch", ours: list("photos")},
		{folder: "photos"},
		{folder: "watcher"},
		{folder: "exif", ours: list("exif/internal/*", "internal/media")},
		{folder: "exif/internal/*", ours: list("exif/internal/*")},
		{folder: "ratelimit", others: list("golang.org/x/time/rate")},

		// Never photos, upload or batch: with shared wire types, one misreading of
		// the API would pass on both sides.
		{folder: "emulator", ours: list("exif", "emulator/internal/*", "internal/look", "internal/render", "internal/replace")},
		{folder: "emulator/internal/*", ours: list("exif", "emulator/internal/*", "internal/look", "internal/render")},

		{folder: "internal/auth", ours: list("internal/look", "internal/replace")},
		{folder: "internal/ledger", ours: list("internal/localdisk")},
		{folder: "internal/ledger/ledgertest", ours: list("internal/ledger")},
		{folder: "internal/verify", ours: list("photos", "watcher", "internal/*")},
		{folder: "internal/rebuild", ours: list("photos", "batch", "exif", "internal/*")},
		{folder: "internal/library", ours: list("photos", "internal/clock", "internal/confirm", "internal/nearest", "internal/retry")},
		{folder: "internal/nearest"},
		{folder: "internal/media"},
		{folder: "internal/after"},
		{folder: "internal/captions"},
		{folder: "internal/albumedit", ours: list("photos", "internal/album", "internal/ledger", "internal/nearest", "internal/order")},
		{folder: "internal/describe", ours: list("photos", "internal/confirm", "internal/ledger")},
		{folder: "internal/confirm", ours: list("photos", "internal/retry")},
		{folder: "internal/localdisk"},
		{folder: "internal/budget", ours: list("internal/localdisk")},
		{folder: "internal/card", ours: list("internal/media", "internal/offload")},
		{folder: "internal/card/cardtest", ours: list("internal/card", "internal/fixture", "internal/offload", "internal/offload/offloadtest")},
		{folder: "internal/offload", ours: list("internal/localdisk", "internal/media")},
		{folder: "internal/offload/offloadtest", ours: list("internal/offload")},
		{folder: "internal/clock"},
		{folder: "internal/clocks"},
		{folder: "internal/config"},
		{folder: "internal/doctor", ours: list("photos", "internal/auth", "internal/budget", "internal/ledger", "internal/localdisk")},
		{folder: "internal/headings"},
		{folder: "internal/retry", ours: list("photos", "internal/clock")},
		{folder: "internal/filename"},
		{folder: "internal/flow"},
		{folder: "internal/ingest", ours: list("pipeline", "photos", "watcher", "exif", "internal/*")},
		{folder: "internal/watch", ours: list("pipeline", "photos", "upload", "watcher", "internal/*")},
		{folder: "internal/control", ours: list("internal/watch")},
		{folder: "internal/supervise", ours: list("internal/report", "internal/watch")},
		{folder: "internal/hooks", ours: list("internal/report", "internal/watch")},
		{folder: "internal/download", ours: list("photos", "internal/*")},
		{folder: "internal/album", ours: list("photos", "internal/ledger")},
		{folder: "internal/order", ours: list("exif")},
		{folder: "internal/plan", ours: list("internal/report")},
		{folder: "internal/planfile", ours: list("exif", "photos", "internal/album", "internal/nearest", "internal/plan"), others: list("go.yaml.in/yaml/v4")},
		{folder: "internal/report"},
		{folder: "internal/rehearse", ours: list("pipeline", "photos", "ratelimit", "internal/*")},
		{folder: "internal/fixture"},
		{folder: "internal/shapes"},
		{folder: "internal/samples", ours: list("internal/fixture")},
		{folder: "internal/tape"},
		{folder: "internal/factstable", ours: list("exif")},
		{folder: "internal/look"},
		{folder: "internal/render"},
		{folder: "internal/chart"},
		{folder: "internal/thumbs", ours: list("exif", "internal/media", "internal/render")},
		{folder: "internal/planpage", ours: list("exif", "internal/chart", "internal/look", "internal/plan", "internal/report", "internal/thumbs")},
		{folder: "internal/dashboard", ours: list("internal/chart", "internal/look", "internal/report", "internal/thumbs", "internal/watch")},
		{folder: "internal/browser"},
		{folder: "internal/exampletest", ours: list("emulator")},
		{folder: "internal/property"},
		{folder: "internal/race"},
		{folder: "internal/replace"},
		{folder: "internal/archtest"},
	}
}

// forTests are what a test may import beside what its package may.
func forTests() []string {
	return list("emulator", "ratelimit", "exif", "internal/fixture", "internal/samples", "internal/shapes", "internal/browser", "internal/exampletest", "internal/property",
		"internal/card/cardtest", "internal/ledger/ledgertest", "internal/offload/offloadtest")
}

// public are the packages for other people's programs.
func public() []string {
	return list("photos", "upload", "batch", "watcher", "exif", "ratelimit", "pipeline", "emulator")
}

// programs are the folders that own a terminal.
func programs() []string { return list("cmd/*", "examples/*", "internal/factstable") }

// terminal are the functions and variables, by package, that only a program may
// use. Libraries return, or call an observer.
func terminal() map[string][]string {
	return map[string][]string{
		"os":  list("Stdout", "Stderr", "Args", "Getenv", "LookupEnv", "Environ", "ExpandEnv", "Exit"),
		"fmt": list("Print", "Printf", "Println"),
		"log": list(
			"Print", "Printf", "Println", "Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Panicln", "Default", "SetOutput"),
	}
}

func list(items ...string) []string { return items }
