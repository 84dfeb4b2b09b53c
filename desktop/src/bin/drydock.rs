//! The `drydock` command line. It only hands over to the library.

fn main() -> std::process::ExitCode {
    desktop::cli::main()
}
