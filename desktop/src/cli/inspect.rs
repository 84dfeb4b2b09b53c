//! `drydock inspect`: what a module says of itself. It runs nothing.

use std::path::PathBuf;

use engine::abi::{Abi, krm};
use engine::module::inspect::{ImportInfo, ModuleInfo};
use engine::module::{Module, metadata};
use engine::visible::{bytes, visible};
use engine::words::{count, grouped};

use super::console::{tone, toned};
use super::{Console, Status, text};
use crate::{Failure, modules};

/// Say what a module is: digest, sizes, imports, exports, ABI, metadata, producers
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Example:\n  drydock inspect fn.wasm -o json | jq .abi")]
pub(crate) struct Args {
    /// A module, binary (.wasm) or text (.wat)
    module: PathBuf,
    /// For people, or as JSON
    #[arg(short, long, value_enum, default_value_t, value_name = "FORM")]
    output: Output,
}

/// How it is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Output {
    /// For people.
    #[default]
    Text,
    /// Everything, with the names of the report.
    Json,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> Result<Status, Failure> {
    console.progress(format!("reading {}", args.module.display()));
    let module = modules::read(&args.module)?;
    match args.output {
        Output::Json => console.line(text::json(&module.info)),
        Output::Text => print(&modules::name(&args.module), &module, console),
    }
    Ok(Status::DONE)
}

fn print(file: &str, module: &Module, console: &mut Console) {
    let info = &module.info;
    let name = if info.name.is_empty() { String::new() } else { format!(" ({})", visible(&info.name)) };
    console.line(toned(tone::HEAD, format!("{}{name}", visible(file))));
    let row = |name: &str, value: String| format!("  {name:<10} {value}");
    console.line(row("digest", info.digest.clone()));
    console.line(row("size", format!("{} ({} bytes)", bytes(info.bytes), grouped(info.bytes))));
    console.line(row("abi", info.abi.abi.title().to_owned()));
    for evidence in evidence(module) {
        console.line(row("", format!("it {}", visible(&evidence))));
    }
    for (index, line) in info.policy.iter().flat_map(|policy| metadata::lines(policy)).enumerate() {
        console.line(row(if index == 0 { "metadata" } else { "" }, visible(&line)));
    }
    console
        .line(row("functions", format!("{}, {} with a name", grouped(info.functions), info.named_functions)));
    console.line(row("memory", memory(info)));
    if info.start {
        console.line(row("start", "a function runs when it is instantiated".into()));
    }
    for producer in &info.producers {
        let made = format!("{} {}", visible(&producer.name), visible(&producer.version));
        console.line(row(&visible(&producer.field), made));
    }
    imported(info, console);
    exported(info, console);
    sections(info, console);
}

fn evidence(module: &Module) -> Vec<String> {
    let mut evidence = module.info.abi.evidence.clone();
    if module.info.abi.abi == Abi::Wasi {
        evidence.push(match krm::is_named_in(&module.bytes) {
            true => "names `ResourceList`, as a KRM function does: `drydock run` runs it as one".into(),
            false => "does not name `ResourceList`: `drydock run` runs it as a program".into(),
        });
    }
    evidence
}

fn memory(info: &ModuleInfo) -> String {
    let pages = |pages: u64| bytes(pages.saturating_mul(64 << 10));
    let spell = |memory: &engine::module::inspect::MemoryInfo| match memory.maximum {
        Some(most) => format!("{} at the start, at most {}", pages(memory.initial), pages(most)),
        None => format!("{} at the start, no bound of its own", pages(memory.initial)),
    };
    match info.memories.as_slice() {
        [] => "none of its own".into(),
        memories => memories.iter().map(spell).collect::<Vec<_>>().join("; "),
    }
}

fn imported(info: &ModuleInfo, console: &mut Console) {
    heading(&count(info.import_count, "import"), console);
    let mut groups: Vec<(&str, Vec<&ImportInfo>)> = Vec::new();
    for import in &info.imports {
        let purpose = import.purpose.as_str();
        match groups.iter_mut().find(|(known, _)| *known == purpose) {
            Some((_, group)) => group.push(import),
            None => groups.push((purpose, vec![import])),
        }
    }
    for (purpose, group) in groups {
        console.line(format!("  {purpose}"));
        for import in group {
            let (module, name) = (visible(&import.module), visible(&import.name));
            console.line(format!("    {module}.{name} {}", toned(tone::QUIET, visible(&import.kind))));
        }
    }
    rest(info.import_count, info.imports.len(), console);
}

fn exported(info: &ModuleInfo, console: &mut Console) {
    heading(&count(info.export_count, "export"), console);
    for export in &info.exports {
        console.line(format!("  {} {}", visible(&export.name), toned(tone::QUIET, &export.kind)));
    }
    rest(info.export_count, info.exports.len(), console);
}

fn sections(info: &ModuleInfo, console: &mut Console) {
    heading(&count(info.section_count, "custom section"), console);
    for section in &info.sections {
        let size = format!("{} bytes", grouped(section.bytes));
        console.line(format!("  {} {}", visible(&section.name), toned(tone::QUIET, size)));
    }
    rest(info.section_count, info.sections.len(), console);
}

fn heading(text: &str, console: &mut Console) {
    console.line("");
    console.line(toned(tone::HEAD, text));
}

fn rest(all: u64, listed: usize, console: &mut Console) {
    let more = all.saturating_sub(listed as u64);
    if more > 0 {
        console.line(toned(tone::QUIET, format!("  and {} more", grouped(more))));
    }
}
