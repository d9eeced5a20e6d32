//! The program `quench`: [`figures::commands::quench`].

fn main() -> std::process::ExitCode {
    figures::commands::quench::main()
}
