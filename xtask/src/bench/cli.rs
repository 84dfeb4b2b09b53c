//! `cargo xtask bench --cli`: what the command line costs as a whole process, start and end with it.
//!
//! Refuses to judge, as the other figures: what a figure should be stands beside it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::console::{heading, say};
use crate::process::{cargo, find};
use crate::project::Project;

/// How often each is run; the median counts.
const RUNS: usize = 9;

/// How many resources the functions are given.
const DEPLOYMENTS: usize = 1_000;

/// How `drydock run` ends when a limit stopped a WASI program.
const LIMITED: i32 = 124;

/// A WASI program that prints 1 GiB, 64 KiB at a time, and traps when it may not.
const LOUD: &str = r#"(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 2)
  (func (export "_start") (local $left i32)
    (i32.store (i32.const 0) (i32.const 65536))
    (i32.store (i32.const 4) (i32.const 65536))
    (local.set $left (i32.const 16384))
    (loop $more
      (if (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)) (then unreachable))
      (br_if $more (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))))
"#;

/// Builds `drydock` and prints the figures.
///
/// # Errors
/// When something does not build or run.
pub(super) fn run(project: &Project) -> Result<(), String> {
    heading("drydock, built with the profile `native`");
    cargo()
        .args(["build", "--quiet", "--profile", "native", "--package", "drydock-desktop", "--bin", "drydock"])
        .dir(&project.root)
        .run()?;
    let bench = Bench::prepare(project)?;
    heading(&format!("medians of {RUNS} processes; the examples once"));
    bench.examples()?;
    bench.cold_start()?;
    bench.functions()?;
    bench.memory()
}

/// What is run, and on what.
struct Bench {
    root: PathBuf,
    drydock: PathBuf,
    guests: PathBuf,
    folder: PathBuf,
}

impl Bench {
    fn prepare(project: &Project) -> Result<Self, String> {
        let folder = project.target.join("bench-cli");
        let package = folder.join("package");
        // Compiled modules of an earlier time must not pass for nothing in the cache.
        let _ = std::fs::remove_dir_all(&folder);
        let written = std::fs::create_dir_all(&package)
            .and_then(|()| std::fs::write(package.join("deployments.yaml"), deployments("")))
            .and_then(|()| std::fs::write(folder.join("list.yaml"), list()))
            .and_then(|()| std::fs::write(folder.join("loud.wat"), LOUD));
        written.map_err(|error| format!("{} cannot be written: {error}", folder.display()))?;
        let drydock = project.target.join("native").join(format!("drydock{}", std::env::consts::EXE_SUFFIX));
        Ok(Self { root: project.root.clone(), drydock, guests: project.path("examples/built"), folder })
    }

    /// A process from nothing to its end, its module compiled by an earlier one.
    fn cold_start(&self) -> Result<(), String> {
        let guest = self.guest("noop");
        let run = || self.drydock(&["run", &guest, "--abi", "krm"], None);
        run()?;
        report("drydock run, module in the cache", median(run)?, "");
        Ok(())
    }

    fn functions(&self) -> Result<(), String> {
        let kpt = self.kpt()?;
        if let Some(kpt) = kpt {
            report(&format!("kpt fn eval --exec cat, {DEPLOYMENTS} Deployments"), kpt, "");
        }
        for name in ["noop", "set-namespace"] {
            let (guest, list) = (self.guest(name), self.folder.join("list.yaml"));
            let run = || self.drydock(&["krm", &guest], Some(&list));
            run()?;
            let taken = median(run)?;
            let ratio = kpt.map_or(String::new(), |kpt| {
                format!("{:.2} of kpt's (at most 0.20)", taken.as_secs_f64() / kpt.as_secs_f64())
            });
            report(&format!("drydock krm {name}, the same"), taken, &ratio);
        }
        Ok(())
    }

    /// kpt with a function that does nothing.
    fn kpt(&self) -> Result<Option<Duration>, String> {
        let Some(kpt) = find("kpt") else {
            say("   kpt is not on PATH: there is nothing to compare with");
            return Ok(None);
        };
        let package = self.folder.join("package").display().to_string();
        let run =
            || timed(&kpt, &["fn", "eval", &package, "--exec", "cat", "-o", "stdout"], None, &self.folder);
        run()?;
        median(run).map(Some)
    }

    /// A guest that prints more than it may: what is kept of it is bounded.
    fn memory(&self) -> Result<(), String> {
        let loud = self.folder.join("loud.wat");
        let mut command = Command::new(&self.drydock);
        command.arg("run").arg(&loud).env("XDG_CACHE_HOME", &self.folder);
        match peak(&mut command)? {
            Some(kib) => {
                say(&format!("   {:<52}{:>9.1} MiB", "peak memory, a guest that prints 1 GiB", kib / 1_024.0))
            }
            None => say("   peak memory is not measured on this system"),
        }
        Ok(())
    }

    fn examples(&self) -> Result<(), String> {
        let examples = self.root.join("examples").display().to_string();
        for (engine, cache) in
            [("wasmtime", ", nothing in the cache"), ("wasmtime", ", all in it"), ("wasmi", "")]
        {
            let taken = self.drydock(&["test", &examples, "--engine", engine], None)?;
            report(&format!("drydock test examples, {engine}{cache}"), taken, "");
        }
        Ok(())
    }

    fn guest(&self, name: &str) -> String {
        self.guests.join(format!("{name}.wasm")).display().to_string()
    }

    fn drydock(&self, arguments: &[&str], stdin: Option<&Path>) -> Result<Duration, String> {
        timed(&self.drydock, arguments, stdin, &self.folder)
    }
}

/// How long a process takes; its output goes nowhere. `cache` is where it keeps compiled modules.
fn timed(program: &Path, arguments: &[&str], stdin: Option<&Path>, cache: &Path) -> Result<Duration, String> {
    let shown = || format!("{} {}", program.display(), arguments.join(" "));
    let stdin = match stdin {
        None => Stdio::null(),
        Some(path) => {
            std::fs::File::open(path).map_err(|error| format!("{}: {error}", path.display()))?.into()
        }
    };
    let began = Instant::now();
    let output = Command::new(program)
        .args(arguments)
        .env("XDG_CACHE_HOME", cache)
        .stdin(stdin)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .output()
        .map_err(|error| format!("`{}` cannot be started: {error}", shown()))?;
    let taken = began.elapsed();
    match output.status.code() {
        Some(0) => Ok(taken),
        _ => {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            Err(format!("`{}` failed ({}): {}", shown(), output.status, said.trim()))
        }
    }
}

fn median(run: impl Fn() -> Result<Duration, String>) -> Result<Duration, String> {
    let mut taken = (0..RUNS).map(|_| run()).collect::<Result<Vec<_>, _>>()?;
    taken.sort_unstable();
    taken.get(RUNS / 2).copied().ok_or_else(|| "nothing was measured".to_owned())
}

/// The most memory that a process held, in KiB, as the system counts it until just before the end; none where the
/// system does not say.
fn peak(command: &mut Command) -> Result<Option<f64>, String> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("drydock cannot be started: {error}"))?;
    let place = format!("/proc/{}/status", child.id());
    let mut most = None;
    loop {
        let text = std::fs::read_to_string(&place).unwrap_or_default();
        most = high_water(&text).or(most);
        match child.try_wait().map_err(|error| error.to_string())? {
            None => std::thread::sleep(Duration::from_millis(1)),
            Some(status) if status.code() == Some(LIMITED) => return Ok(most),
            Some(status) => return Err(format!("the guest that prints too much ended with {status}")),
        }
    }
}

/// The line `VmHWM:  1234 kB`.
fn high_water(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

fn report(name: &str, taken: Duration, beside: &str) {
    say(format!("   {name:<52}{:>9.1} ms   {beside}", taken.as_secs_f64() * 1_000.0).trim_end());
}

const CONFIG: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: where\ndata:\n  namespace: prod\n";

/// A `ResourceList` with the same Deployments, as an orchestrator hands it over.
fn list() -> String {
    let items = deployments("  ").replace("---\n", "").replace("  apiVersion", "- apiVersion");
    let config: String = CONFIG.lines().map(|line| format!("  {line}\n")).collect();
    format!(
        "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig:\n{config}items:\n{items}"
    )
}

fn deployments(indent: &str) -> String {
    let one = |number: usize| {
        let lines = [
            "---".to_owned(),
            format!("{indent}apiVersion: apps/v1"),
            format!("{indent}kind: Deployment"),
            format!("{indent}metadata:"),
            format!("{indent}  name: web-{number}"),
            format!("{indent}  namespace: staging # where it began"),
            format!("{indent}spec:"),
            format!("{indent}  replicas: 3"),
            format!("{indent}  selector:"),
            format!("{indent}    matchLabels: {{app: web-{number}}}"),
            format!("{indent}  template:"),
            format!("{indent}    metadata:"),
            format!("{indent}      labels: {{app: web-{number}}}"),
            format!("{indent}    spec:"),
            format!("{indent}      containers:"),
            format!("{indent}      - name: nginx"),
            format!("{indent}        image: nginx:1.27.3"),
        ];
        lines.join("\n") + "\n"
    };
    (0..DEPLOYMENTS).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_holds_every_deployment_once() {
        let list: serde_yaml::Value = serde_yaml::from_str(&list()).unwrap();
        let items = list["items"].as_sequence().unwrap();
        assert_eq!(items.len(), DEPLOYMENTS);
        assert_eq!(items[7]["metadata"]["name"], "web-7");
        assert_eq!(list["functionConfig"]["data"]["namespace"], "prod");
    }

    #[test]
    fn high_water_is_read() {
        assert_eq!(high_water("Name:\tx\nVmHWM:\t   2048 kB\nVmRSS:\t 1 kB\n"), Some(2_048.0));
        assert_eq!(high_water(""), None);
    }
}
