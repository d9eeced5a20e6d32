//! The program `analyze`: [`figures::commands::analyze`].

fn main() -> std::process::ExitCode {
    figures::commands::analyze::main()
}
