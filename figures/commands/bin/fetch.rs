//! The program `fetch`: [`figures::commands::fetch`].

fn main() -> std::process::ExitCode {
    figures::commands::fetch::main()
}
