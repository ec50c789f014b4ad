package io.plimsoll.agent.runtime;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.ExecCreateCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectExecResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ContainerConfig;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.api.model.LocalNodeState;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.api.model.SwarmInfo;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.plimsoll.agent.terminal.TerminalRequest;
import java.io.Closeable;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Docker Engine through docker-java. Two clients: one whose calls end at a deadline, one for streams, which have no
 * end. Each stream has a thread, which waits in a read.
 */
final class DockerEngine implements Engine
{
    private static final Logger LOG = LoggerFactory.getLogger(DockerEngine.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final DockerClient calls;
    private final DockerClient streams;
    private final DockerHttpClient http;
    private final String host;
    private final SSLContext tls;
    private final long callTimeoutNs;

    /**
     * Talks to nobody yet.
     *
     * @param host          such as {@code unix:///var/run/docker.sock}.
     * @param callTimeoutNs after which a call counts as unanswered.
     */
    DockerEngine(final String host, final long callTimeoutNs)
    {
        final DockerClientConfig config =
            DefaultDockerClientConfig.createDefaultConfigBuilder().withDockerHost(host).build();
        this.host = host;
        this.callTimeoutNs = callTimeoutNs;
        tls = tls(config);
        calls = DockerClientImpl.getInstance(config, http(config, Duration.ofNanos(callTimeoutNs)));
        http = http(config, null);
        streams = DockerClientImpl.getInstance(config, http);
    }

    /** As the calls have it: by the variables of Docker's own client. */
    private static SSLContext tls(final DockerClientConfig config)
    {
        try
        {
            return null == config.getSSLConfig() ? null : config.getSSLConfig().getSSLContext();
        }
        catch (final GeneralSecurityException e)
        {
            throw new IllegalArgumentException(
                "DOCKER_CERT_PATH: its ca.pem, cert.pem and key.pem cannot be used: " + e.getMessage(), e);
        }
    }

    private static DockerHttpClient http(final DockerClientConfig config, final Duration responseTimeout)
    {
        final ZerodepDockerHttpClient.Builder http = new ZerodepDockerHttpClient.Builder()
            .dockerHost(config.getDockerHost())
            .sslConfig(config.getSSLConfig())
            .connectionTimeout(CONNECT_TIMEOUT);
        if (null != responseTimeout)
        {
            http.responseTimeout(responseTimeout);
        }
        return http.build();
    }

    @Override
    public void ping() throws EngineException
    {
        call("ping", () -> calls.pingCmd().exec());
    }

    @Override
    public List<String> notes() throws EngineException
    {
        final Info info = call("info", () -> calls.infoCmd().exec());
        final List<String> notes = new ArrayList<>();
        notes.add("containers run on Docker Engine " + info.getServerVersion());
        if (!Boolean.TRUE.equals(info.getRawValues().get("LiveRestoreEnabled")))
        {
            notes.add(
                "containers end whenever the Docker Engine is restarted: " +
                "set \"live-restore\": true in its daemon.json to keep them");
        }
        return notes;
    }

    @Override
    public boolean hasImage(final String image) throws EngineException
    {
        return imageBytes(image) >= 0;
    }

    @Override
    public long imageBytes(final String image) throws EngineException
    {
        try
        {
            return call("image " + image, () ->
                Objects.requireNonNullElse(calls.inspectImageCmd(image).exec().getSize(), 0L));
        }
        catch (final EngineException e)
        {
            if (EngineException.Kind.NOT_FOUND == e.kind())
            {
                return -1;
            }
            throw e;
        }
    }

    @Override
    public String imageUser(final String image) throws EngineException
    {
        return call("image " + image, () ->
        {
            final ContainerConfig config = calls.inspectImageCmd(image).exec().getConfig();
            return null == config ? "" : Objects.requireNonNullElse(config.getUser(), "");
        });
    }

    @Override
    public void removeImage(final String image) throws EngineException
    {
        unlessGone("remove image " + image, () -> calls.removeImageCmd(image).exec());
    }

    @Override
    public String create(final ContainerPlan plan) throws EngineException
    {
        return call("create " + plan.name(), () ->
        {
            final CreateContainerCmd command = calls.createContainerCmd(plan.image());
            ContainerRequest.fill(command, plan);
            return command.exec().getId();
        });
    }

    @Override
    public void start(final String name) throws EngineException
    {
        call("start " + name, () ->
        {
            try
            {
                calls.startContainerCmd(name).exec();
            }
            catch (final NotModifiedException e)
            {
                LOG.debug("runs already: {}", name);
            }
            return null;
        });
    }

    @Override
    public ContainerState inspect(final String container) throws EngineException
    {
        return call("inspect " + container, () ->
        {
            final InspectContainerResponse response = calls.inspectContainerCmd(container).exec();
            final InspectContainerResponse.ContainerState state = response.getState();
            final Long code = state.getExitCodeLong();
            return new ContainerState(
                response.getId(),
                response.getName().substring(1),
                Objects.requireNonNullElse(response.getConfig().getLabels(), Map.of()),
                state.getStatus(),
                null == code ? 0 : code.intValue(),
                Boolean.TRUE.equals(state.getOOMKilled()),
                Objects.requireNonNullElse(state.getError(), ""),
                state.getStartedAt(),
                state.getFinishedAt());
        });
    }

    @Override
    public List<ContainerState> list(final String label, final String value) throws EngineException
    {
        return call("list", () ->
        {
            final List<ContainerState> states = new ArrayList<>();
            for (final Container container :
                calls.listContainersCmd().withShowAll(true).withLabelFilter(Map.of(label, value)).exec())
            {
                final String[] names = container.getNames();
                states.add(new ContainerState(
                    container.getId(),
                    null == names || 0 == names.length ? "" : names[0].substring(1),
                    container.getLabels(),
                    container.getState(),
                    0,
                    false,
                    "",
                    null,
                    null));
            }
            return states;
        });
    }

    @Override
    public void rename(final String container, final String name) throws EngineException
    {
        call("rename " + container, () -> calls.renameContainerCmd(container).withName(name).exec());
    }

    @Override
    public void kill(final String container, final String signal) throws EngineException
    {
        call("kill " + container, () -> calls.killContainerCmd(container).withSignal(signal).exec());
    }

    @Override
    public void remove(final String container) throws EngineException
    {
        unlessGone("remove " + container, () ->
            calls.removeContainerCmd(container).withForce(true).withRemoveVolumes(true).exec());
    }

    private static void unlessGone(final String what, final Call<Void> call) throws EngineException
    {
        try
        {
            call(what, call);
        }
        catch (final EngineException e)
        {
            if (EngineException.Kind.NOT_FOUND != e.kind())
            {
                throw e;
            }
        }
    }

    @Override
    public boolean hasNetwork(final String name) throws EngineException
    {
        return call("network " + name, () -> calls.listNetworksCmd().withNameFilter(name).exec()).stream()
            .anyMatch(network -> name.equals(network.getName()));
    }

    @Override
    public SharedNetwork.Found network(final String name) throws EngineException
    {
        for (final Network network : call("network " + name, () ->
            calls.listNetworksCmd().withNameFilter(name).exec()))
        {
            if (name.equals(network.getName()))
            {
                // Only swarms know networks that single containers cannot be in.
                return new SharedNetwork.Found(
                    network.getDriver(),
                    !"swarm".equals(network.getScope()) || Boolean.TRUE.equals(network.isAttachable()));
            }
        }
        final SwarmInfo swarm = call("info", () -> calls.infoCmd().exec()).getSwarm();
        return null != swarm && LocalNodeState.ACTIVE == swarm.getLocalNodeState() &&
            !Boolean.TRUE.equals(swarm.getControlAvailable()) ? SharedNetwork.Found.OF_SWARM : null;
    }

    @Override
    public void createNetwork(final String name, final Map<String, String> labels) throws EngineException
    {
        call("network " + name, () -> calls.createNetworkCmd()
            .withName(name).withDriver("bridge").withCheckDuplicate(true).withLabels(labels).exec());
    }

    @Override
    public List<String> networks(final String label, final String value) throws EngineException
    {
        return call("networks", () -> calls.listNetworksCmd().withFilter("label", List.of(label + '=' + value)).exec())
            .stream().map(Network::getName).toList();
    }

    @Override
    public void removeNetwork(final String name) throws EngineException
    {
        unlessGone("remove network " + name, () -> calls.removeNetworkCmd(name).exec());
    }

    @Override
    public String createExec(final String container, final TerminalRequest request, final List<String> variables)
        throws EngineException
    {
        return call("exec in " + container, () ->
        {
            final List<String> environment = new ArrayList<>(request.variables());
            environment.addAll(variables);
            final ExecCreateCmd command = calls.execCreateCmd(container)
                .withCmd(request.command().toArray(new String[0]))
                .withEnv(environment)
                .withTty(request.tty())
                .withAttachStdin(request.input())
                .withAttachStdout(true)
                .withAttachStderr(true);
            if (!request.directory().isEmpty())
            {
                command.withWorkingDir(request.directory());
            }
            if (!request.user().isEmpty())
            {
                command.withUser(request.user());
            }
            return command.exec().getId();
        });
    }

    @Override
    public void resizeExec(final String exec, final int rows, final int columns) throws EngineException
    {
        call("resize " + exec, () -> calls.resizeExecCmd(exec).withSize(rows, columns).exec());
    }

    @Override
    public void resize(final String container, final int rows, final int columns) throws EngineException
    {
        call("resize " + container, () ->
            calls.resizeContainerCmd(container).withSize(rows, columns).exec());
    }

    @Override
    public ExecConnection connectExec(final boolean tty) throws IOException
    {
        return ExecConnection.connect(host, tls, tty);
    }

    @Override
    public boolean hasExecStarted(final String exec) throws EngineException
    {
        return call("inspect exec " + exec, () ->
        {
            final Long pid = calls.inspectExecCmd(exec).exec().getPidLong();
            return null != pid && 0 != pid;
        });
    }

    @Override
    public Integer exitCodeOfExec(final String exec) throws EngineException
    {
        return call("inspect exec " + exec, () ->
        {
            final InspectExecResponse response = calls.inspectExecCmd(exec).exec();
            final Long code = response.getExitCodeLong();
            return Boolean.TRUE.equals(response.isRunning()) || null == code ? null : (Integer)code.intValue();
        });
    }

    @Override
    public Closeable follow(final String container, final int sinceS, final boolean tty, final LogSink sink)
    {
        return LogStream.open(http, container, sinceS, tty, sink);
    }

    @Override
    public boolean hasSeenDie(final String container, final Instant since) throws EngineException
    {
        final CompletableFuture<Boolean> answer = new CompletableFuture<>();
        return call("events of " + container, () ->
        {
            final EngineStream<Event> events = calls.eventsCmd()
                .withContainerFilter(container)
                .withEventFilter("die")
                .withSince(Long.toString(since.getEpochSecond()))
                .withUntil(Long.toString(Instant.now().getEpochSecond() + 1))
                .exec(died(answer));
            try
            {
                return answer.get(callTimeoutNs, TimeUnit.NANOSECONDS);
            }
            catch (final TimeoutException e)
            {
                throw new IllegalStateException(
                    "no end of its events within " + TimeUnit.NANOSECONDS.toMillis(callTimeoutNs) + " ms");
            }
            catch (final ExecutionException e)
            {
                throw e.getCause() instanceof final RuntimeException known ?
                    known : new IllegalStateException(e.getCause());
            }
            catch (final InterruptedException e)
            {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
            finally
            {
                // In any case, also before its answer has begun: reads of a Unix socket know no timeout.
                events.close();
            }
        });
    }

    /** Answers whether there was any event. */
    private static EngineStream<Event> died(final CompletableFuture<Boolean> answer)
    {
        return new EngineStream<>()
        {
            private volatile boolean seen;

            @Override
            public void onNext(final Event event)
            {
                seen = true;
            }

            @Override
            void ended(final Throwable failure)
            {
                if (null == failure)
                {
                    answer.complete(seen);
                }
                else
                {
                    answer.completeExceptionally(failure);
                }
            }
        };
    }

    @Override
    public Closeable watch(final String label, final String value, final EventSink sink)
    {
        return streams.eventsCmd()
            .withEventTypeFilter("container")
            .withEventFilter("die")
            .withLabelFilter(Map.of(label, value))
            .exec(new EngineStream<Event>()
            {
                @Override
                public void onNext(final Event event)
                {
                    sink.onDied(event.getId());
                }

                @Override
                void ended(final Throwable failure)
                {
                    sink.onEnd(failure);
                }
            });
    }

    @Override
    public Closeable pull(final String image, final PullSink sink)
    {
        return streams.pullImageCmd(image).exec(new EngineStream<PullResponseItem>()
        {
            private String failure;

            @Override
            public void onNext(final PullResponseItem item)
            {
                if (item.isErrorIndicated())
                {
                    failure = null == item.getErrorDetail() ? "no reason given" : item.getErrorDetail().getMessage();
                }
                else
                {
                    sink.onProgress(null == item.getId() ? item.getStatus() : item.getId() + ": " + item.getStatus());
                }
            }

            @Override
            void ended(final Throwable broken)
            {
                sink.onEnd(null == failure && null != broken ? translated("pull", broken).getMessage() : failure);
            }
        });
    }

    @Override
    public void close()
    {
        for (final DockerClient client : List.of(calls, streams))
        {
            try
            {
                client.close();
            }
            catch (final IOException e)
            {
                LOG.debug("closing", e);
            }
        }
    }

    private static <T> T call(final String what, final Call<T> call) throws EngineException
    {
        try
        {
            return call.run();
        }
        catch (final RuntimeException e)
        {
            throw translated(what, e);
        }
    }

    private static EngineException translated(final String what, final Throwable e)
    {
        if (e instanceof NotFoundException)
        {
            return new EngineException(EngineException.Kind.NOT_FOUND, message(e), e);
        }
        if (e instanceof ConflictException)
        {
            return new EngineException(EngineException.Kind.CONFLICT, message(e), e);
        }
        if (e instanceof DockerException)
        {
            return new EngineException(EngineException.Kind.REFUSED, message(e), e);
        }
        Throwable cause = e;
        while (null != cause.getCause())
        {
            cause = cause.getCause();
        }
        return new EngineException(
            EngineException.Kind.NO_ANSWER,
            "the Docker Engine does not answer (" + what + "): " + Objects.requireNonNullElse(
                cause.getMessage(), cause.getClass().getSimpleName()),
            e);
    }

    /** The engine's own words, which come as {@code Status 404: {"message":"..."}}. */
    private static String message(final Throwable e)
    {
        final String text = Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName()).strip();
        final String key = "{\"message\":\"";
        final int start = text.indexOf(key);
        final int end = text.lastIndexOf("\"}");
        return start < 0 || end < start + key.length() ? text :
            text.substring(start + key.length(), end).replace("\\\"", "\"").replace("\\n", " ");
    }

    /** A call that gives something. */
    @FunctionalInterface
    private interface Call<T>
    {
        T run();
    }
}
