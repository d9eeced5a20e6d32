//! The program `preprocess`: [`figures::commands::preprocess`].

fn main() -> std::process::ExitCode {
    figures::commands::preprocess::main()
}
