//! The program `verify`: [`figures::commands::verify`].

fn main() -> std::process::ExitCode {
    figures::commands::verify::main()
}
