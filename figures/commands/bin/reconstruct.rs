//! The program `reconstruct`: [`figures::commands::reconstruct`].

fn main() -> std::process::ExitCode {
    figures::commands::reconstruct::main()
}
