//! The program `refine`: [`figures::commands::refine`].

fn main() -> std::process::ExitCode {
    figures::commands::refine::main()
}
