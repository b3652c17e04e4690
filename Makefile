# The project's commands. `make test` is the one that the README names; it needs Go, and installs the rest where it may.

GO ?= go
SHELL := /bin/bash
tool := $(GO) tool -modfile=$(CURDIR)/tools/go.mod

SOAK ?= 10000

.PHONY: test check race soak crash fmt vet staticcheck tidy bench fuzz screenshots facts-table build clean

## test: all tests
test: packages
	$(GO) test -timeout 30m ./...

## check: what must hold before a change is kept: formatting, vet, staticcheck, tidy modules, all tests with the race detector
check: fmt vet staticcheck tidy race

race: packages
	$(GO) test -race -timeout 60m ./...

fmt:
	@files=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$files" ]; then echo "gofmt these:"; echo "$$files"; exit 1; fi

vet:
	$(GO) vet ./...

staticcheck:
	$(tool) staticcheck ./...

tidy:
	$(GO) mod tidy -diff
	cd tools && $(GO) mod tidy -diff

## bench: benchmarks; COUNT=10 and benchstat for a comparison
COUNT ?= 1
bench:
	$(GO) test -run '^$$' -bench . -benchmem -count $(COUNT) -timeout 60m ./...
	$(GO) test ./watcher -run '^$$' -bench Rescan -benchtime 3x -known 1000000 -timeout 60m

## soak: many seeded runs, random stories, all properties, weeks of a watch and cards with faults; titles, imports, and listings of the largest sizes
soak:
	$(GO) test ./pipeline -run 'TestChaos$$' -chaos $(SOAK) -timeout 120m
	$(GO) test ./pipeline -run TestAnyTale -rapid.checks 5000 -timeout 120m
	$(GO) test ./pipeline -run TestAny -skip TestAnyTale -rapid.checks 500 -timeout 120m
	$(GO) test ./internal/ingest -run NeverYes -cards 5000 -seed $$RANDOM -timeout 120m
	$(GO) test ./internal/offload -run TestNoGroup -rapid.checks 100000 -timeout 60m
	$(GO) test ./pipeline -run TestATitleOfTheRealSizeIsImported -title-photos 50000 -timeout 60m
	$(GO) test ./watcher -run TestAnyTaleOfAFolder -rapid.checks 5000 -timeout 60m
	$(GO) test $$(git grep -l 'property\.Check' -- '*_test.go' ':!pipeline' | xargs -n1 dirname | sort -u | sed 's,^,./,') -rapid.checks 1000 -timeout 120m
	$(GO) test ./internal/watch -run 'TestAWeek$$|TestABurst' -weeks 100 -burst 20000 -timeout 120m
	$(GO) test ./cmd/albumwright -run TestMemoryDoesNotGrowWithTheLibrary -photos 100000 -timeout 60m -v
	$(GO) test ./cmd/albumwright -run TestAListingHoldsNoLibraryInMemory -items 1000000 -timeout 60m -v

## crash: the built program is killed at each request of an import, in each way, and at 300 random times
crash: build
	$(GO) test ./cmd/albumwright -run 'TestAnImportThatIsKilled' -crash -program $(CURDIR)/bin/albumwright -timeout 120m

## fuzz: each fuzz target for FUZZTIME
FUZZTIME ?= 30s
fuzz:
	@set -e; for pkg in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
			echo "$$pkg $$target"; $(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) $$pkg; \
		done; \
	done

## screenshots: the pictures in the documents, made of the demo by headless Chromium
screenshots: build
	tools/install-packages chromium:chromium
	tools/screenshots bin/albumwright docs/images

## facts-table: the table in docs/facts.md of how often we agree with exiftool, measured on the files below SAMPLES
SAMPLES ?= ../shared/samples
facts-table:
	tools/install-packages exiftool:libimage-exiftool-perl
	$(GO) run ./internal/factstable -doc docs/facts.md $(SAMPLES)

build:
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/albumwright ./cmd/albumwright

# Tests that compare with exiftool, let rclone work with the emulator, watch the ledger write by strace, or keep tokens in a real keyring, say so when
# they are skipped.
packages:
	@tools/install-packages exiftool:libimage-exiftool-perl rclone:rclone chromium:chromium strace:strace dbus-run-session:dbus-daemon gnome-keyring-daemon:gnome-keyring

clean:
	rm -rf bin
