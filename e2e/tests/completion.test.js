// @ts-check
//! A person writes a manifest and is offered what its kind has: of Kubernetes, and of a definition among the files.

import assert from "node:assert/strict";
import { journey } from "../pages/journey.js";

const DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n";

const DEFINITION = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.example.test
spec:
  group: example.test
  names:
    kind: Widget
  versions:
  - name: v1
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              colour:
                type: string
                description: What it is painted with.
                enum: [red, green]
`;

journey("fields and their values are completed by the keyboard", async ({ page, context }) => {
  /** @type {string[]} */
  const asked = [];
  context.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.open();
  await page.manual();
  await page.manifests.fill(DEPLOYMENT);
  // The page itself asks for what works offline; the editor, for nothing before it is needed.
  await page.manifests.type("  repl");
  await page.manifests.accept("replicas");
  await page.page.keyboard.type("3\n");
  assert.match(await page.manifests.text(), /^  replicas: 3$/m);
  assert.ok(asked.some((path) => path.endsWith("/editor/schema/newest.json")));

  await page.page.keyboard.type("paus");
  await page.manifests.accept("paused", "Tab");
  await page.manifests.accept("true");
  assert.match(await page.manifests.text(), /^  paused: true$/m);

  await page.page.keyboard.type("\nnonsense: 1");
  await page.page.keyboard.press("Escape");
  assert.equal(await page.manifests.options.count(), 0);
});

journey("a document begins with its kind, which brings its version", async ({ page }) => {
  await page.open();
  await page.manual();
  await page.manifests.fill("");
  await page.manifests.type("ki");
  await page.manifests.accept("kind");
  await page.page.keyboard.type("Deploym");
  await page.manifests.accept("Deployment");
  assert.match(await page.manifests.text(), /^apiVersion: apps\/v1\nkind: Deployment$/);
});

journey("a field is explained where the pointer rests, and an unknown one has a suggestion", async ({ page }) => {
  await page.open();
  await page.manual();
  await page.manifests.fill(`${DEPLOYMENT}  replicas: 1\n  pausd: true\n`);
  assert.match(await page.manifests.explain("replicas"), /^replicas integer Number of desired pods/);
  await page.page.mouse.move(0, 0);
  await page.manifests.explanation.waitFor({ state: "hidden" });
  assert.match(await page.manifests.explain("pausd"), /Did you mean `paused`/);
});

journey("a definition among the files brings its own kind", async ({ page }) => {
  await page.open();
  await page.manual();
  await page.drop({ name: "definition.yaml", bytes: DEFINITION });
  await page.manifests.shows("CustomResourceDefinition");
  await page.page.getByRole("button", { name: "+ File" }).click();
  await page.manifests.field.filter({ hasNotText: "CustomResourceDefinition" }).waitFor();
  await page.manifests.fill("apiVersion: example.test/v1\nkind: Widget\nspec:\n");
  await page.manifests.type("  col");
  await page.manifests.accept("colour");
  await page.manifests.accept("red");
  assert.match(await page.manifests.text(), /^  colour: red$/m);
  assert.match(await page.manifests.explain("colour"), /^colour string What it is painted with/);
});

journey("the version of Kubernetes is a person's choice, and kept", async ({ page }) => {
  await page.open();
  await page.manual();
  await page.manifests.fill(DEPLOYMENT);
  await page.manifests.explain("spec");
  const versions = await page.manifests.version.locator("option").allInnerTexts();
  assert.ok(versions.length >= 2, versions.join());
  assert.equal(await page.manifests.version.inputValue(), versions[0]);

  const oldest = versions.at(-1) ?? "";
  const loaded = page.page.waitForResponse((answer) => answer.url().endsWith(`/editor/schema/${oldest}.json`));
  await page.manifests.version.selectOption(oldest);
  assert.equal((await loaded).status(), 200);
  await page.page.reload();
  await page.ready();
  await page.manifests.explain("spec");
  assert.equal(await page.manifests.version.inputValue(), oldest);
});
