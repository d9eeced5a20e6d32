//! The program `book`: [`figures::commands::book`].

fn main() -> std::process::ExitCode {
    figures::commands::book::main()
}
