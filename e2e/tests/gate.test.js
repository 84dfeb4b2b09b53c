// @ts-check
//! An API request goes through the gate: each kind of k8s-wasm module decides, and the lanes say where it stopped.

import assert from "node:assert/strict";
import { journey } from "../pages/journey.js";

journey("a request passes all stages, and each module says what it was asked", async ({ page }) => {
  await page.openRequest("the-whole-gate");
  await page.manual();
  assert.match(await page.verdictAfter(), /passes the gate/);
  const lanes = await page.laneTexts();
  assert.equal(lanes.length, 5);
  assert.match(lanes[0] ?? "", /^Authentication .*magic-user/);
  assert.match(lanes[4] ?? "", /^Storage the object would be created/);

  const step = await page.gateStep("magic-authn");
  await step.getByText('"kind": "TokenReview"').first().waitFor();
  await step.getByText('"authenticated": true').waitFor();

  const facts = await page.show("Gate");
  await facts.getByText(/magic-user/).first().waitFor();
});

journey("an unknown token ends at authentication, with 401", async ({ page }) => {
  await page.openRequest("the-whole-gate");
  await page.manual();
  await page.field("Token").fill("made-up");
  await page.field("Token").press("Tab");
  const verdict = await page.verdictAfter();
  assert.match(verdict, /Unauthorized|401/);
  const lanes = await page.laneTexts();
  assert.match(lanes[0] ?? "", /no authenticator knows the token/);
  assert.match(lanes[1] ?? "", /not reached/);
});

journey("an authorizer forbids a kind, in the API server's words", async ({ page }) => {
  await page.openRequest("the-whole-gate");
  await page.manual();
  await page.request.fill("apiVersion: v1\nkind: Secret\nmetadata:\n  name: colours\n  namespace: shop\n");
  await page.verdictAfter();
  const lanes = await page.laneTexts();
  assert.match(lanes[1] ?? "", /no authorizer allows it/);
  const gate = await page.show("Gate");
  await gate.getByText(/403 Forbidden secrets is forbidden: User "magic-user" cannot create/).waitFor();
});

journey("a validating module denies, and the line that it names is marked", async ({ page }) => {
  await page.openRequest("no-privileged-pods");
  await page.manual();
  assert.match(await page.verdictAfter(), /^Denied by `no-privileged`: spec\.containers\[0\]/);
  await page.page.getByRole("button", { name: /^Show line \d+ of the object$/ }).click();
  await page.request.shows("privileged");
  await page.says(page.page.locator(".cm-editor").first(), /is privileged/);
});

journey("a mutating module's change is a diff, and stands with its module", async ({ page }) => {
  await page.openRequest("defaults-for-resources");
  await page.manual();
  assert.match(await page.verdictAfter(), /changed/);
  const diff = await page.show("Diff");
  await diff.getByText("memory: 256Mi").first().waitFor();
  await page.show("Output");
  await page.output.shows("cpu: 50m");
  const step = await page.gateStep("resource-defaults");
  await step.getByLabel("Changes", { exact: true }).waitFor();
  await page.page.getByText(/1 warning/).first().waitFor();
});

journey("an UPDATE is judged by the object before it", async ({ page }) => {
  await page.openRequest("a-value-that-is-refused");
  await page.manual();
  const object = (/** @type {string} */ value) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: colours\n  namespace: shop\ndata:\n  wall: ${value}\n`;
  await page.field("Verb").selectOption("update");
  await page.request.fill(object("red"));
  await page.page.getByRole("button", { name: "Old object" }).click();
  await page.request.fill(object("white"));
  assert.match(await page.verdictAfter(), /update configmaps\/colours/i);
  const gate = await page.show("Gate");
  await gate.getByText("UPDATE", { exact: true }).waitFor();
  const step = await page.gateStep("magic");
  await step.getByText('"wall": "white"').waitFor();
});

journey("a whole AdmissionReview is taken as it is", async ({ page }) => {
  await page.openRequest("no-privileged-pods");
  await page.manual();
  const object = { apiVersion: "v1", kind: "Pod", metadata: { name: "web", namespace: "shop" }, spec: {} };
  const review = {
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    request: {
      uid: "705ab4f5-6393-11e8-b7cc-42010a800002",
      kind: { group: "", version: "v1", kind: "Pod" },
      resource: { group: "", version: "v1", resource: "pods" },
      name: "web",
      namespace: "shop",
      operation: "CREATE",
      userInfo: { username: "jane" },
      object,
    },
  };
  await page.request.fill("");
  await page.page.getByRole("button", { name: "AdmissionReview" }).click();
  await page.request.fill(JSON.stringify(review));
  await page.page.getByText("It begins at admission.").waitFor();
  assert.match(await page.verdictAfter(), /passes the gate/);
});
