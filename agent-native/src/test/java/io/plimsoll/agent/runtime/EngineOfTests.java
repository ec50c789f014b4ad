package io.plimsoll.agent.runtime;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One engine for all tests of a class, without containers at the end of each. */
final class EngineOfTests implements BeforeAllCallback, AfterEachCallback, AfterAllCallback
{
    private DockerDaemon daemon;

    DockerDaemon daemon()
    {
        return daemon;
    }

    @Override
    public void beforeAll(final ExtensionContext context) throws Exception
    {
        daemon = DockerDaemon.launch();
    }

    @Override
    public void afterEach(final ExtensionContext context)
    {
        daemon.clear();
    }

    @Override
    public void afterAll(final ExtensionContext context)
    {
        if (null != daemon)
        {
            daemon.close();
        }
    }
}
