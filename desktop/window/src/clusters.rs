//! The clusters of the person's kubeconfig: listed, chosen, and read. Nothing is sent that changes one, and nothing
//! at all before one is chosen.

use std::sync::{Mutex, PoisonError};

use desktop::Failure;
use desktop::cluster::{self, Consent, KubeCluster, LiveObject, MAX_OBJECTS, Source};
use engine::cluster::Limits;
use wire::{Brought, Context, Contexts, Wanted, WireError};

/// What every API server answers to whoever may sign in.
const PROBE: &str = "/version";

/// The connection to the chosen cluster.
#[derive(Default)]
pub(crate) struct Clusters(Mutex<Option<KubeCluster>>);

impl Clusters {
    /// The contexts of the kubeconfig; `chosen` is the one from before, if it is still there.
    pub(crate) fn contexts(&self, chosen: Option<String>) -> Contexts {
        match cluster::contexts(&Source::Default) {
            Ok(all) => {
                let chosen = chosen.filter(|name| all.iter().any(|context| context.name == *name));
                Contexts { all: all.iter().map(shown).collect(), chosen, problem: None }
            }
            Err(failure) => {
                let problem = WireError { message: failure.message, hint: failure.hint };
                Contexts { problem: Some(problem), ..Contexts::default() }
            }
        }
    }

    /// Connects to a cluster and sees whether it answers.
    ///
    /// # Errors
    /// A sentence, whatever goes wrong; no cluster is connected then.
    pub(crate) fn choose(&self, name: &str, consent: &mut dyn Consent) -> Result<(), Failure> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *held = None;
        let mut connected = connect(name, consent)?;
        let context = connected.context().clone();
        cluster::get(&mut connected, &context, PROBE, Limits::default())?;
        *held = Some(connected);
        Ok(())
    }

    /// Reads objects of a kind as manifests.
    ///
    /// # Errors
    /// When the cluster does not answer, serves no such kind, or has more objects than a workspace should hold.
    pub(crate) fn bring(&self, wanted: &Wanted, consent: &mut dyn Consent) -> Result<Vec<Brought>, Failure> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = held.take().filter(|held| held.context().name == wanted.context);
        let connected = match known {
            Some(known) => held.insert(known),
            None => held.insert(connect(&wanted.context, consent)?),
        };
        let context = connected.context().clone();
        let namespace = Some(wanted.namespace.trim()).filter(|namespace| !namespace.is_empty());
        let path = cluster::path_of(connected, &context, wanted.kind.trim(), namespace, Limits::default())?;
        let (objects, is_cut) = cluster::objects(connected, &context, &path, Limits::default())?;
        if is_cut {
            let message = format!("there are more than {MAX_OBJECTS} of kind `{}`", wanted.kind);
            return Err(Failure::new(message).with_hint("name a namespace, or one object as in deploy/web"));
        }
        if objects.is_empty() {
            let place =
                namespace.map_or_else(|| "any namespace".into(), |name| format!("namespace `{name}`"));
            return Err(Failure::new(format!("there is nothing of kind `{}` in {place}", wanted.kind)));
        }
        Ok(objects.into_iter().map(brought).collect())
    }
}

fn connect(name: &str, consent: &mut dyn Consent) -> Result<KubeCluster, Failure> {
    cluster::connect(&Source::Default, Some(name), consent)
}

fn shown(context: &cluster::Context) -> Context {
    let user = if context.user.is_empty() { "no user" } else { &context.user };
    Context { name: context.name.clone(), about: format!("{} as {user}, read only", context.server) }
}

fn brought(object: LiveObject) -> Brought {
    let folder = if object.namespace.is_empty() { String::new() } else { format!("{}/", object.namespace) };
    let path = format!("{folder}{}-{}.yaml", object.kind.to_lowercase(), object.name);
    Brought { path, text: object.text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_become_files_that_say_what_they_hold() {
        let object = |namespace: &str| LiveObject {
            kind: "Deployment".into(),
            namespace: namespace.into(),
            name: "web".into(),
            text: "kind: Deployment\n".into(),
        };
        assert_eq!(brought(object("shop")).path, "shop/deployment-web.yaml");
        assert_eq!(brought(object("")).path, "deployment-web.yaml");
    }
}
