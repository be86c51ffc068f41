// toxiproxy-node-client drives the control of a gate: node toxiproxy_client.js URL
//
// Each thing that is asked for is seen by traffic through the proxy, too.
"use strict";

const assert = require("node:assert/strict");
const net = require("node:net");
const { Toxiproxy } = require("toxiproxy-node-client");

const toxiproxy = new Toxiproxy(process.argv[2].replace(/\/$/, ""));

/** A server that sends back what comes. */
async function echo() {
    const server = net.createServer((socket) => {
        socket.on("error", () => {});
        socket.pipe(socket);
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    server.unref();
    return `127.0.0.1:${server.address().port}`;
}

/** What becomes of a message of four octets: milliseconds, or how the connection ended. */
function outcome(address, socket = connect(address)) {
    return new Promise((resolve) => {
        const start = performance.now();
        const end = (what) => {
            socket.removeAllListeners();
            socket.on("error", () => {});
            clearTimeout(patience);
            resolve(what);
        };
        const patience = setTimeout(() => end("silence"), 1000);
        socket.on("data", () => end(performance.now() - start));
        socket.on("error", (error) => end(error.code));
        socket.on("close", () => end("closed"));
        socket.on("end", () => end("closed"));
        socket.write("echo");
    });
}

function connect(address) {
    const [host, port] = address.split(":");
    return net.connect({ host, port, noDelay: true });
}

async function passes(address, least, most, socket) {
    const time = await outcome(address, socket);
    assert.equal(typeof time, "number", `${time}`);
    assert.ok(time >= least && time < most, `${time} ms, not ${least} to ${most}`);
    return time;
}

async function refused(promise, status) {
    await assert.rejects(promise, (error) => error.message.includes(`status code ${status}`));
}

async function main() {
    const upstream = await echo();
    assert.deepEqual(await toxiproxy.getAll(), {});
    assert.match(JSON.parse(await toxiproxy.getVersion()).version, /^2\./);

    // made
    const proxy = await toxiproxy.createProxy({ name: "one", listen: "localhost:0", upstream });
    assert.equal(proxy.enabled, true);
    assert.equal(proxy.upstream, upstream);
    const kept = connect(proxy.listen);
    await passes(proxy.listen, 0, 90, kept);
    await refused(toxiproxy.createProxy({ name: "one", listen: "localhost:0", upstream }), 409);
    await refused(toxiproxy.createProxy({ name: "", listen: "localhost:0", upstream }), 400);
    await refused(
        toxiproxy.createProxy({ name: "taken", listen: proxy.listen, upstream }),
        500,
    );

    // a toxic added, read, changed, removed
    const latency = await proxy.addToxic({
        name: "late",
        type: "latency",
        stream: "upstream",
        toxicity: 1,
        attributes: { latency: 100, jitter: 0 },
    });
    const late = await passes(proxy.listen, 100, 190, kept);
    assert.deepEqual((await proxy.getToxic("late")).toJson(), latency.toJson());
    const later = await latency.update({ ...latency.toJson(), attributes: { latency: 200 } });
    assert.deepEqual(later.attributes, { latency: 200, jitter: 0 });
    await passes(proxy.listen, 200, 290, kept);
    const body = { type: "latency", stream: "upstream", toxicity: 1 };
    await refused(proxy.addToxic({ ...body, name: "late", attributes: {} }), 409);
    await refused(proxy.addToxic({ ...body, name: "x", attributes: { latency: -1 } }), 400);
    await refused(proxy.addToxic({ ...body, name: "x", type: "fog", attributes: {} }), 400);
    await later.remove();
    await refused(proxy.getToxic("late"), 404);
    await passes(proxy.listen, 0, 90, kept);

    // a connection that is reset; it is still open when the toxic comes
    const reset = await proxy.addToxic({ type: "reset_peer", attributes: { timeout: 0 } });
    assert.equal(reset.name, "reset_peer_downstream");
    assert.equal(await outcome(proxy.listen, kept), "ECONNRESET");
    assert.equal(await outcome(proxy.listen), "ECONNRESET");
    await reset.remove();
    await passes(proxy.listen, 0, 90);

    // one that is silent, and then closed
    const timeout = await proxy.addToxic({ type: "timeout", attributes: { timeout: 0 } });
    const silent = connect(proxy.listen);
    assert.equal(await outcome(proxy.listen, silent), "silence");
    const closed = new Promise((resolve) => silent.once("close", resolve));
    silent.resume();
    await timeout.remove();
    await closed;

    // disabled: connections are dropped and refused; enabled: on the same port again
    const dropped = connect(proxy.listen);
    await passes(proxy.listen, 0, 90, dropped);
    const { listen } = proxy;
    const disabled = await proxy.update({ enabled: false, listen, upstream });
    assert.equal(disabled.enabled, false);
    assert.notEqual(typeof (await outcome(listen, dropped)), "number");
    assert.equal(await outcome(listen), "ECONNREFUSED");
    assert.equal((await proxy.update({ enabled: true, listen, upstream })).listen, listen);
    await passes(listen, 0, 90);

    // a list: the one that is there stays
    const list = [
        { name: "one", listen, upstream, enabled: true },
        { name: "two", listen: "localhost:0", upstream, enabled: true },
    ];
    const populated = await toxiproxy.populate(list);
    assert.equal(populated.one.listen, listen);
    await passes(populated.two.listen, 0, 90);
    await refused(toxiproxy.populate([{ name: "three", listen: "localhost:0", upstream: "" }]), 400);

    // a reset of all
    await populated.two.addToxic({ type: "latency", attributes: { latency: 500 } });
    await populated.one.update({ enabled: false, listen, upstream });
    await toxiproxy.reset();
    await passes(listen, 0, 90);
    await passes(populated.two.listen, 0, 90);

    // removed
    for (const each of Object.values(await toxiproxy.getAll())) await each.remove();
    assert.deepEqual(await toxiproxy.getAll(), {});
    assert.equal(await outcome(listen), "ECONNREFUSED");
    console.log(`toxiproxy-node-client: all as asked; 100 ms of latency took ${late.toFixed(1)} ms`);
}

main().then(
    () => process.exit(0),
    (error) => {
        console.error(error);
        process.exit(1);
    },
);
