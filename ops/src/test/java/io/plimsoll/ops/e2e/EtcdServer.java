package io.plimsoll.ops.e2e;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real etcd of one test, which can be killed, wiped and started again on the same ports. */
final class EtcdServer implements AutoCloseable
{
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final Path directory;
    private final Path output;
    private final int port = Workspace.freePort();
    private Process process;

    EtcdServer(final Workspace workspace)
    {
        directory = workspace.path("etcd");
        output = workspace.path("etcd.out");
    }

    String endpoint()
    {
        return "127.0.0.1:" + port;
    }

    EtcdServer start() throws IOException
    {
        final String client = "http://127.0.0.1:" + port;
        final String peer = "http://127.0.0.1:" + (port + 1);
        process = new ProcessBuilder(List.of(
            "etcd", "--data-dir", directory.toString(),
            "--listen-client-urls", client, "--advertise-client-urls", client,
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
            "--initial-cluster", "default=" + peer))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
            .start();
        Await.until(TIMEOUT, "etcd answers", () -> put("/ready", "yes"));
        return this;
    }

    void kill() throws InterruptedException
    {
        process.destroyForcibly().waitFor();
    }

    void wipe() throws IOException
    {
        Workspace.deleteTree(directory);
    }

    boolean put(final String key, final String value) throws Exception
    {
        try (Client client = client())
        {
            client.getKVClient().put(bytes(key), bytes(value)).get(5, TimeUnit.SECONDS);
            return true;
        }
    }

    void delete(final String key) throws Exception
    {
        try (Client client = client())
        {
            client.getKVClient().delete(bytes(key)).get(5, TimeUnit.SECONDS);
        }
    }

    /** Empty if there is none. */
    String get(final String key) throws Exception
    {
        try (Client client = client())
        {
            return client.getKVClient().get(bytes(key)).get(5, TimeUnit.SECONDS).getKvs().stream()
                .map(pair -> pair.getValue().toString(StandardCharsets.UTF_8)).findFirst().orElse("");
        }
    }

    private Client client()
    {
        return Client.builder().endpoints("http://127.0.0.1:" + port).retryMaxAttempts(1).waitForReady(false).build();
    }

    private static ByteSequence bytes(final String text)
    {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close()
    {
        if (null != process)
        {
            process.destroyForcibly();
        }
    }
}
