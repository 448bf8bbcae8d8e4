# Everything starts here; `make` alone lists the targets.
#
# Each target installs what it lacks (.ci/setup, which says what and why) and goes through named steps (.ci/step).
# ARGS go to the program that a target runs: make run ARGS=film.mp4, make bench ARGS=ingest.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-builtin-rules --no-print-directory
.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help run window test demo shots lint soak bench deb deb-check bindings icons format licences ui dist clippy docs programs tests

step := .ci/step
built := $(or $(CARGO_TARGET_DIR),target)
npm := npm --prefix ui run
# A fresh clone builds once: what an incremental build would keep is never used, and the lock file is law.
locked := $(if $(CI),--locked)
ifdef CI
export CARGO_INCREMENTAL := 0
endif
# Clippy, the build and the tests ask for the same packages, targets and features, so that nothing is compiled twice.
# `testing` is the one feature of that name in every crate that has it.
everything := --workspace --all-targets --features testing $(locked)

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

run: ## open the window (without a display: make demo)
	@if [ -z "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then \
	  echo "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set): showing the demo instead."; \
	  exec $(MAKE) demo; \
	else exec $(MAKE) window; fi

window: setup-run dist
	@$(step) build cargo build -p pawl $(locked)
	@$(step) window cargo run --quiet -p pawl $(locked) -- $(ARGS)

demo: setup-run dist ## the real app in a virtual display: add, upload, verify, play, seek; pictures in target/demo
	@$(step) build cargo build -p pawl -p support --bins $(locked)
	@$(step) demo .ci/display $(built)/debug/demo $(ARGS)

shots: setup-test dist ## every screen and state, small and large, light and dark; pictures in target/shots
	@$(step) build cargo build -p pawl -p support --bins --features testing $(locked)
	@$(step) shots .ci/display $(built)/debug/shots

test: setup-test format licences ui clippy docs programs tests ## everything that must hold: style, licences, UI, all tests

lint: setup-test format licences dist clippy docs ## the quick half of test: style, lints, docs, licences
	@$(step) ui-check $(npm) check

soak: setup-test ## the long tests: kills at 1 GiB, a thousand power cuts, ten thousand simulated histories (ARGS=part for one)
	@$(step) build cargo build -p headless -p support --bins --features testing $(locked)
	@$(step) soak $(built)/debug/soak $(ARGS)

bench: setup-bench dist ## ratios against peers (ARGS=part for one)
	@$(step) build cargo build --release -p pawl -p headless -p support --bins --example minimal --features testing $(locked)
	@$(step) bench .ci/display $(built)/release/bench $(ARGS)

deb: setup-deb dist ## the Debian package, under target/release/bundle/deb
	@$(step) deb .ci/deb

deb-check: deb ## install the package on a clean Debian 12 in a folder, and look (root, network)
	@$(step) deb-check .ci/deb-check $(built)/release/bundle/deb/pawl_*.deb

bindings: setup-run dist ## write the UI's TypeScript types anew from the Rust ones
	@$(step) bindings env UPDATE_BINDINGS=1 cargo test --quiet -p pawl bindings $(locked)

icons: setup-run ## draw the PNG icons anew from assets/icons/pawl.svg
	@$(step) icons .ci/icons

# ---- the steps ----

setup-%:
	@$(step) setup .ci/setup $*

format:
	@$(step) format cargo fmt --all --check

# Advisories are left out: they need a database from the network, and a build must not turn red by itself.
licences:
	@$(step) licences cargo deny $(locked) --log-level error check licenses bans sources

# Before anything that compiles the window: `pawl` embeds ui/dist.
ui:
	@$(step) ui-check $(npm) check
	@$(step) ui-test $(npm) test
	@$(step) ui-build $(npm) build

# Only what changed: the interface is built anew when a source is newer.
dist: ui/dist/index.html

ui/dist/index.html: $(shell find ui -path ui/node_modules -prune -o -path ui/dist -prune -o -type f -print)
	@$(step) ui-build $(npm) build
	@touch $@

clippy:
	@$(step) clippy cargo clippy $(everything) -- -D warnings

# Asking for the examples too makes cargo resolve features as clippy did, and reuse its work.
docs:
	@$(step) docs env RUSTDOCFLAGS="-D warnings" cargo doc --workspace --lib --examples --no-deps --features testing $(locked)

programs:
	@$(step) programs cargo build $(everything)

# The doc tests go first, so that the log ends with what failed and the count.
tests:
	@$(step) doc-tests cargo test --quiet --doc --workspace --features testing $(locked)
	@$(step) tests .ci/display cargo nextest run --profile ci --workspace --features testing $(locked)
