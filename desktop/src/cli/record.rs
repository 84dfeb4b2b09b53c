//! `drydock record`: answers of a real cluster, as a session that replays without it. It reads and never writes,
//! keeps no value of a Secret, and leaves the file as it was unless everything was answered.

use std::path::{Path, PathBuf};

use engine::cluster::{Limits, Record};
use engine::visible::visible;
use engine::words;

use super::connection::Connection;
use super::{Console, Status};
use crate::cluster::{connect, get, path_of};
use crate::{Failure, files};

/// Record what a real cluster answers, without the values of Secrets, as a session to replay
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// A path of the API, or KIND[.GROUP][/NAME]
    #[arg(required = true, value_name = "WHAT")]
    asked: Vec<String>,
    /// The namespace of what is named by its kind; the context's if not given
    #[arg(short, long)]
    namespace: Option<String>,
    /// Name what is named by its kind in all namespaces
    #[arg(short = 'A', long, conflicts_with = "namespace")]
    all_namespaces: bool,
    #[command(flatten)]
    connection: Connection,
    /// Where to write the session; - for stdout
    #[arg(short, long, value_name = "SESSION")]
    output: PathBuf,
}

const EXAMPLES: &str = "\
Examples:
  drydock record pods services -n shop -o shop.session.json
  drydock record deployments.apps/web /version --context staging -o web.session.json
  drydock record '/api/v1/pods?labelSelector=app%3Dweb' -o web.session.json";

pub(crate) fn run(args: &Args, console: &mut Console) -> Result<Status, Failure> {
    let options = &args.connection;
    let source = options.contexts.source()?;
    let mut cluster = connect(&source, options.context.as_deref(), &mut &options.consent)?;
    let context = cluster.context().clone();
    let limits = Limits::default();
    let namespace = args.namespace.as_deref().unwrap_or(&context.namespace);
    let namespace = (!args.all_namespaces).then_some(namespace);
    let mut paths = Vec::new();
    for asked in &args.asked {
        paths.push(match asked.starts_with('/') {
            true => asked.clone(),
            false => path_of(&mut cluster, &context, asked, namespace, limits)?,
        });
    }
    let mut record = Record::new(cluster);
    for path in &paths {
        console.progress(format!("asking {} for {path}", context.server));
        get(&mut record, &context, path, limits)?;
    }
    let redacted = record.redacted();
    let session = record.into_session();
    write(&args.output, &session.to_text(), console)?;
    let answers = words::count(session.exchanges.len() as u64, "answer");
    let mut done = format!("Recorded {answers} of context `{}`", visible(&context.name));
    if redacted > 0 {
        let secrets = words::count(redacted, "Secret");
        done = format!("{done}, without the values of {secrets}");
    }
    console.remark(format!("{done}."));
    Ok(Status::DONE)
}

fn write(output: &Path, text: &str, console: &mut Console) -> Result<(), Failure> {
    if output == Path::new("-") {
        console.text(text);
        return Ok(());
    }
    files::write(output, text.as_bytes())
}
