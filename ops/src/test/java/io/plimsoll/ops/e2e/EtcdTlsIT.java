package io.plimsoll.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etcd.jetcd.Auth;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.plimsoll.ops.etcd.EtcdException;
import io.plimsoll.ops.etcd.EtcdOptions;
import io.plimsoll.ops.etcd.JetcdStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An etcd that wants certificates and passwords. */
class EtcdTlsIT
{
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final long CALL_TIMEOUT_MS = 20_000;
    private static final String PREFIX = "/plimsoll/secured";

    @TempDir
    Path directory;
    private final int port = Workspace.freePort();
    private PrivateAuthority authority;
    private Process process;

    @AfterEach
    void end() throws InterruptedException
    {
        if (null != process)
        {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void shouldReadWatchAndRegisterWithCertificateAndPasswordAndNotWithout() throws Exception
    {
        Requirement.command("etcd", "etcd-server");
        authority = new PrivateAuthority(directory, "authority");
        authority.issue("server");
        authority.issue("client");
        new PrivateAuthority(directory, "stranger").issue("other");
        start();
        Await.until(TIMEOUT, "etcd answers", () -> read("client", "authority", null, null) >= 0);
        enablePasswords();
        assertEquals(1, read("client", "authority", "plimsoll", "s3cret"));
        final AtomicInteger changes = new AtomicInteger();
        try (JetcdStore store = open("client", "authority", "plimsoll", "s3cret"))
        {
            store.watch(store.read().revision(), changes::incrementAndGet);
            final long lease = store.register("discovery/manager", "here", 30);
            assertTrue(store.renew(lease));
            Await.until(TIMEOUT, "the change is seen", () -> changes.get() > 0);
            assertEquals("here", store.read().values().get("discovery/manager"));
            store.revoke(lease);
            assertEquals("drf", store.read().values().get("groups/gpu/order"));
        }
        assertRefused("client", "authority", "plimsoll", "wrong");
        assertRefused("client", "authority", null, null);
        assertRefused("other", "authority", "plimsoll", "s3cret");
        assertRefused("client", "stranger", "plimsoll", "s3cret");
    }

    /** Told in words, and without the password. */
    private void assertRefused(final String client, final String trusted, final String user, final String password)
    {
        final EtcdException refused = assertThrows(
            EtcdException.class, () -> read(client, trusted, user, password));
        assertTrue(refused.getMessage().length() > 5, refused.getMessage());
        assertTrue(null == password || !refused.getMessage().contains(password), refused.getMessage());
    }

    private void start() throws Exception
    {
        final String client = "https://127.0.0.1:" + port;
        final String peer = "http://127.0.0.1:" + Workspace.freePort();
        process = new ProcessBuilder(List.of(
            "etcd", "--data-dir", directory.resolve("etcd").toString(),
            "--listen-client-urls", client, "--advertise-client-urls", client,
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", "default=" + peer,
            "--cert-file", authority.file("server.pem").toString(),
            "--key-file", authority.file("server.key").toString(),
            "--client-cert-auth", "--trusted-ca-file", authority.file("authority.pem").toString()))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("etcd.out").toFile())
            .start();
    }

    private int read(final String client, final String trusted, final String user, final String password)
        throws EtcdException
    {
        try (JetcdStore store = open(client, trusted, user, password))
        {
            return store.read().values().size();
        }
    }

    private JetcdStore open(final String client, final String trusted, final String user, final String password)
    {
        return JetcdStore.open(
            new EtcdOptions(
                List.of("https://127.0.0.1:" + port), PREFIX, user, password, authority.file(trusted + ".pem"),
                authority.file(client + ".pem"), authority.file(client + ".key"), ""),
            CALL_TIMEOUT_MS);
    }

    private void enablePasswords() throws Exception
    {
        try (Client client = Client.builder().endpoints("https://127.0.0.1:" + port).sslContext(tls -> tls
            .trustManager(authority.file("authority.pem").toFile())
            .keyManager(authority.file("client.pem").toFile(), authority.file("client.key").toFile())).build())
        {
            client.getKVClient().put(bytes(PREFIX + "/groups/gpu/order"), bytes("drf")).get(20, TimeUnit.SECONDS);
            final Auth auth = client.getAuthClient();
            for (final String user : new String[]{"root", "plimsoll"})
            {
                auth.userAdd(bytes(user), bytes("s3cret")).get(20, TimeUnit.SECONDS);
                if ("plimsoll".equals(user))
                {
                    auth.roleAdd(bytes("root")).get(20, TimeUnit.SECONDS);
                }
            }
            auth.userGrantRole(bytes("root"), bytes("root")).get(20, TimeUnit.SECONDS);
            auth.userGrantRole(bytes("plimsoll"), bytes("root")).get(20, TimeUnit.SECONDS);
            auth.authEnable().get(20, TimeUnit.SECONDS);
        }
    }

    private static ByteSequence bytes(final String text)
    {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }
}
