# The verbs of the project; `just` lists them.

default:
    @just --list

# Figure 5 from the data
fig5:
    cargo run --bin fig5

# The ledger of claims
verify:
    cargo run --bin verify

# All tests
test:
    cargo test

# Formatting, lints, documentation
check:
    cargo fmt --check
    cargo clippy --workspace --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

# Benchmarks: each step (criterion)
bench:
    cargo bench -p benches --bench analysis

# Us and the peers on the same files, then how time and memory grow
peers:
    benches/peers/run.sh

# The public atomic models into the cache
fetch:
    cargo run --bin fetch -- models

# Rewrite what the code computes in golden/
bless:
    cargo run --bin verify -- --update --require-data
    INSTA_UPDATE=always cargo test --test golden
    cargo run --bin book

# The book, into target/book (needs mdBook: cargo install mdbook --locked)
book:
    cargo run --bin book
    mdbook build book
