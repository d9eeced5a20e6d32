//! The program `precision`: [`figures::commands::precision`].

fn main() -> std::process::ExitCode {
    figures::commands::precision::main()
}
