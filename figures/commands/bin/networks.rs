//! The program `networks`: [`figures::commands::networks`].

fn main() -> std::process::ExitCode {
    figures::commands::networks::main()
}
