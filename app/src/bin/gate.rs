//! Starts the gate's worker: the same as the other one, with the gate for API requests.

fn main() {
    app::worker::start();
}
