//! The program `trace`: [`figures::commands::trace`].

fn main() -> std::process::ExitCode {
    figures::commands::trace::main()
}
