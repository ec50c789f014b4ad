package io.plimsoll.manager.identity;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.plimsoll.manager.Counters;
import io.plimsoll.transport.auth.SecretFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last that was known of identities, in a file of the data directory, so that a manager that starts while its
 * database is away knows its keypairs. It has hashes of secrets only, is for its owner alone, and is replaced as a
 * whole by a thread of its own. Any thread.
 */
public final class IdentityCache implements AutoCloseable
{
    /** What is older is not believed: too much may have been taken back meanwhile. */
    public static final Duration AGE_MAX = Duration.ofDays(7);

    private static final Logger LOGGER = LoggerFactory.getLogger(IdentityCache.class);
    private static final int CLOSE_TIMEOUT_S = 10;
    private static final long REFRESH_MS = TimeUnit.MINUTES.toMillis(10);
    private static final ObjectMapper MAPPER = mapper();

    private final Path file;
    private final String source;
    private final InstantSource clock;
    private final AtomicReference<Identity> next = new AtomicReference<>();
    private volatile long writtenMs;
    private final AtomicLong failures = new AtomicLong();
    private final ExecutorService writer = Executors.newSingleThreadExecutor(task ->
    {
        final Thread thread = new Thread(task, "plimsoll-identity-cache");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * In that file, which need not be there.
     *
     * @param file     of it.
     * @param source   which database it is of; what comes from another one is not believed.
     * @param clock    for its age.
     * @param counters to register in.
     */
    public IdentityCache(final Path file, final String source, final InstantSource clock, final Counters counters)
    {
        this.file = file;
        this.source = source;
        this.clock = clock;
        counters.counter(
            "identity_cache_failures_total", "Times that what is known of identities could not be kept", failures::get);
    }

    /** What was kept last; null if there is nothing that can be believed, which the log then says. */
    Cached read()
    {
        if (!Files.exists(file))
        {
            return null;
        }
        try
        {
            final Document document = MAPPER.readValue(SecretFiles.read(file), Document.class);
            final Instant asOf = Instant.ofEpochMilli(document.asOfMs());
            if (!source.equals(document.source()))
            {
                LOGGER.warn("what {} says of identities is of another database, and counts for nothing", file);
                return null;
            }
            return new Cached(new Identity(document.content()), asOf);
        }
        catch (final IOException | RuntimeException ex)
        {
            LOGGER.warn("what is kept of identities cannot be read, and counts for nothing: {}", ex.getMessage());
            return null;
        }
    }

    /** Keeps it, soon; of several the last. */
    void write(final Identity identity)
    {
        if (null == next.getAndSet(identity) && !writer.isShutdown())
        {
            writer.execute(this::writeNext);
        }
    }

    /** The database has just said the same again: the file says so too, now and then. */
    void refresh(final Identity identity)
    {
        if (clock.millis() - writtenMs > REFRESH_MS)
        {
            write(identity);
        }
    }

    private void writeNext()
    {
        final Identity identity = next.getAndSet(null);
        writtenMs = clock.millis();
        try
        {
            SecretFiles.write(file, MAPPER.writeValueAsBytes(
                new Document(source, clock.millis(), identity.content())));
        }
        catch (final IOException ex)
        {
            failures.incrementAndGet();
            LOGGER.warn("what is known of identities cannot be kept for the next start: {}", ex.getMessage());
        }
    }

    @Override
    public void close()
    {
        writer.shutdown();
        try
        {
            writer.awaitTermination(CLOSE_TIMEOUT_S, TimeUnit.SECONDS);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }

    private static ObjectMapper mapper()
    {
        final SimpleModule module = new SimpleModule()
            .addSerializer(Instant.class, new JsonSerializer<>()
            {
                @Override
                public void serialize(final Instant time, final JsonGenerator json, final SerializerProvider provider)
                    throws IOException
                {
                    json.writeString(time.toString());
                }
            })
            .addDeserializer(Instant.class, new JsonDeserializer<>()
            {
                @Override
                public Instant deserialize(final JsonParser parser, final DeserializationContext context)
                    throws IOException
                {
                    return Instant.parse(parser.getText());
                }
            })
            .addSerializer(Policy.class, new JsonSerializer<>()
            {
                @Override
                public void serialize(final Policy policy, final JsonGenerator json, final SerializerProvider provider)
                    throws IOException
                {
                    json.writeString(PolicyJson.write(policy));
                }
            })
            .addDeserializer(Policy.class, new JsonDeserializer<>()
            {
                @Override
                public Policy deserialize(final JsonParser parser, final DeserializationContext context)
                    throws IOException
                {
                    return PolicyJson.read(parser.getText());
                }
            });
        return JsonMapper.builder()
            .addModule(module)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    }

    /**
     * What was kept.
     *
     * @param identity as it was.
     * @param asOf     when the database last said so.
     */
    record Cached(Identity identity, Instant asOf)
    {
    }

    /**
     * The file.
     *
     * @param source  database.
     * @param asOfMs  epoch milliseconds.
     * @param content all there is.
     */
    record Document(String source, long asOfMs, Identity.Content content)
    {
    }
}
