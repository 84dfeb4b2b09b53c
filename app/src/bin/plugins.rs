//! Starts the plugins' worker: the same as the other ones, with plugins and the cluster that they talk to.

fn main() {
    app::worker::start();
}
