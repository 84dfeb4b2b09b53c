//! Refuses images from registries that are not on a list, and where it is told to, images without a digest.

mod image;

use policy::{AdmissionRequest, Failure, PodSpec, Verdict};
use serde::Deserialize;

use crate::image::Image;

/// Which images may run.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Settings {
    /// Registries, or registries with the beginning of a path, such as `registry.example/team`.
    registries: Vec<String>,
    /// Whether an image must be named by its digest. Default: no.
    #[serde(default)]
    digests: bool,
}

policy::export!(validate = review);

/// Names every image that may not run.
fn review(request: &AdmissionRequest, settings: &Settings) -> Result<Verdict, Failure> {
    let Some(pod) = PodSpec::of(request.object()?) else { return Ok(Verdict::allow()) };
    let mut findings = Vec::new();
    for container in pod.containers() {
        let image = Image::parse(container.image());
        if !settings.registries.iter().any(|registry| image.is_from(registry)) {
            findings
                .push(format!("{}.image: `{}` is not an allowed registry", container.path, image.registry));
        }
        if settings.digests && !image.has_digest {
            findings.push(format!("{}.image: `{}` has no digest", container.path, container.image()));
        }
    }
    Ok(Verdict::of(&findings))
}
