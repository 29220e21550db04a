// The official client calls the sandbox with everything it has; OfficialClientIT runs this.
import assert from 'node:assert/strict';
import { createClient, SkytellsError } from 'skytells';

const [baseUrl, apiKey] = process.argv.slice(2);
const client = createClient(apiKey, { baseUrl });
const input = { prompt: 'a lighthouse at dusk', width: 256, height: 256 };

async function refusal(promise) {
  const error = await promise.then(
      () => assert.fail('it was not refused'),
      error => error);
  assert.ok(error instanceof SkytellsError, String(error));
  return [error.httpStatus, error.errorId];
}

async function once(status, id) {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const prediction = await client.getPrediction(id);
    if (prediction.status === status) {
      return prediction;
    }
    assert.ok(Date.now() < deadline, `never ${status}`);
  }
}

// listModels
const models = await client.listModels();
assert.ok(models.some(model => model.namespace === 'truefusion-pro' && model.type === 'image'));
for (const { name, namespace, type, pricing, status } of models) {
  assert.ok(name && namespace && type && pricing.amount > 0 && status === 'operational');
}

// predict, getPrediction
const asked = await client.predict({ model: 'truefusion-pro', input });
assert.match(asked.id, /^pred_/);
assert.deepEqual(asked.input, input);
assert.deepEqual(asked.model, { name: 'truefusion-pro', type: 'image' });
const done = await once('succeeded', asked.id);
assert.equal(done.metrics.image_count, 1);
assert.equal(done.metadata.storage.files[0].url, done.output[0]);
const picture = await fetch(done.output[0]);
assert.equal(picture.headers.get('content-type'), 'image/png');
assert.ok((await picture.arrayBuffer()).byteLength > 1000);

// predict that waits for the end
const awaited = await client.predict({ model: 'truefusion-pro', input, await: true });
assert.equal(awaited.status, 'succeeded');

// cancelPrediction
const stuck = { ...input, prompt: 'a lighthouse [work:stuck]' };
const running = await client.predict({ model: 'truefusion-pro', input: stuck });
assert.deepEqual(await client.cancelPrediction(running.id), { success: true });
assert.equal((await client.getPrediction(running.id)).status, 'canceled');

// deletePrediction
assert.deepEqual(await client.deletePrediction(asked.id), { success: true });
assert.deepEqual(await refusal(client.getPrediction(asked.id)), [502, 'API_ERROR']);
const gone = await fetch(done.output[0]);
assert.equal(gone.status, 404);
await gone.arrayBuffer();

// what is refused
assert.deepEqual(
    await refusal(createClient('sk-wrong', { baseUrl }).listModels()), [401, 'UNAUTHORIZED']);
assert.deepEqual(
    await refusal(client.predict({ model: 'truefusion-pro', input: {} })),
    [422, 'VALIDATION_ERROR']);

console.log('every call was answered');
