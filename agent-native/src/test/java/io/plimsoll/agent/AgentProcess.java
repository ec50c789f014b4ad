package io.plimsoll.agent;

import io.plimsoll.agent.runtime.DockerOptions;
import io.plimsoll.transport.auth.JoinToken;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An agent in a process of its own, so that it can be killed. It ends when its standard input does. */
public final class AgentProcess
{
    private AgentProcess()
    {
    }

    static Process start(final Path directory, final int port, final JoinToken token) throws IOException
    {
        return start(directory, port, token, DockerOptions.HOST_DEFAULT);
    }

    /** One that runs containers on that engine. */
    static Process start(final Path directory, final int port, final JoinToken token, final String engine)
        throws IOException
    {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (final String flag : ManagementFactory.getRuntimeMXBean().getInputArguments())
        {
            if (!flag.startsWith("-javaagent") && !flag.startsWith("-Xmx"))
            {
                command.add(flag);
            }
        }
        command.addAll(List.of(
            "-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
            AgentProcess.class.getName(), directory.toString(), Integer.toString(port), token.format(), engine));
        return new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    }

    /** With its reason where the test's own output is: nobody would learn it otherwise, and wait in vain. */
    private static void end(final Throwable failure)
    {
        final Thread thread = Thread.currentThread();
        thread.getThreadGroup().uncaughtException(thread, failure);
        Runtime.getRuntime().halt(1);
    }

    public static void main(final String[] args) throws IOException
    {
        try (AgentNode node = AgentNode.launch(new AgentContext()
            .dataDirectory(Path.of(args[0]))
            .manager("127.0.0.1", Integer.parseInt(args[1]))
            .joinToken(JoinToken.parse(args[2]))
            .docker(DockerOptions.defaults().withHost(args[3]))
            .onFailure(AgentProcess::end)))
        {
            while (System.in.read() >= 0)
            {
                node.status();
            }
        }
    }
}
