package io.plimsoll.manager;

import io.plimsoll.manager.control.ClusterControl;
import io.plimsoll.manager.control.Configuration;
import io.plimsoll.manager.control.Explanations;
import io.plimsoll.manager.history.History;
import io.plimsoll.manager.identity.Identities;
import io.plimsoll.manager.link.HostDocuments;
import io.plimsoll.manager.trace.Tracing;
import io.plimsoll.manager.usage.UsageView;
import io.plimsoll.manager.view.EventFeed;
import io.plimsoll.manager.view.LiveView;
import io.plimsoll.manager.view.LogSource;
import io.plimsoll.manager.view.TerminalSource;
import java.util.List;
import java.util.function.Supplier;

/**
 * Puts {@link ManagerServices} together, or others in place of some. What nobody gives is not there: a front end that
 * asks for it fails. Each setter returns the builder; for one thread.
 */
public final class ServicesBuilder
{
    private ClusterControl control;
    private Configuration configuration;
    private Explanations explanations;
    private LiveView view;
    private EventFeed events;
    private LogSource logs;
    private TerminalSource terminals;
    private UsageView usage = UsageView.NONE;
    private HostDocuments hosts = HostDocuments.NONE;
    private TokenCheck tokens = token -> null;
    private Identities identities = Identities.NONE;
    private History history = History.NONE;
    private FailoverControl failovers;
    private Supplier<Health> health = () -> new Health(true, List.of());
    private Counters counters = new Counters();
    private SessionFacts facts = SessionFacts.NONE;
    private Tracing tracing = Tracing.OFF;
    private Supplier<ClusterInfo> info;

    /** Nothing yet. */
    public ServicesBuilder()
    {
        // As the fields say.
    }

    /** What others are, to be replaced in part. */
    public ServicesBuilder(final ManagerServices like)
    {
        control = like.control();
        configuration = like.configuration();
        explanations = like.explanations();
        view = like.view();
        events = like.events();
        logs = like.logs();
        terminals = like.terminals();
        usage = like.usage();
        hosts = like.hosts();
        tokens = like.tokens();
        identities = like.identities();
        history = like.history();
        failovers = like.failovers();
        health = like.health();
        counters = like.counters();
        facts = like.facts();
        tracing = like.tracing();
        info = like.info();
    }

    /** Submits, cancels, drains. */
    public ServicesBuilder control(final ClusterControl given)
    {
        control = given;
        return this;
    }

    /** Changes groups and accounts. */
    public ServicesBuilder configuration(final Configuration given)
    {
        configuration = given;
        return this;
    }

    /** Why a session is where it is. */
    public ServicesBuilder explanations(final Explanations given)
    {
        explanations = given;
        return this;
    }

    /** What has been journalled and released. */
    public ServicesBuilder view(final LiveView given)
    {
        view = given;
        return this;
    }

    /** Released events. */
    public ServicesBuilder events(final EventFeed given)
    {
        events = given;
        return this;
    }

    /** Output of kernels. */
    public ServicesBuilder logs(final LogSource given)
    {
        logs = given;
        return this;
    }

    /** Commands beside kernels. */
    public ServicesBuilder terminals(final TerminalSource given)
    {
        terminals = given;
        return this;
    }

    /** Of hosts and kernels. */
    public ServicesBuilder usage(final UsageView given)
    {
        usage = given;
        return this;
    }

    /** As their agents describe them. */
    public ServicesBuilder hosts(final HostDocuments given)
    {
        hosts = given;
        return this;
    }

    /** Who may call; nobody unless given. */
    public ServicesBuilder tokens(final TokenCheck given)
    {
        tokens = given;
        return this;
    }

    /** Domains, projects, users and keypairs. */
    public ServicesBuilder identities(final Identities given)
    {
        identities = given;
        return this;
    }

    /** What was, beyond what the view keeps. */
    public ServicesBuilder history(final History given)
    {
        history = given;
        return this;
    }

    /** Held fail-overs. */
    public ServicesBuilder failovers(final FailoverControl given)
    {
        failovers = given;
        return this;
    }

    /** State of the parts. */
    public ServicesBuilder health(final Supplier<Health> given)
    {
        health = given;
        return this;
    }

    /** Of all parts. */
    public ServicesBuilder counters(final Counters given)
    {
        counters = given;
        return this;
    }

    /** Of sessions, beside their history. */
    public ServicesBuilder facts(final SessionFacts given)
    {
        facts = given;
        return this;
    }

    /** Of requests. */
    public ServicesBuilder tracing(final Tracing given)
    {
        tracing = given;
        return this;
    }

    /** Cluster, term, addresses. */
    public ServicesBuilder info(final Supplier<ClusterInfo> given)
    {
        info = given;
        return this;
    }

    /** What was given so far. */
    public ManagerServices build()
    {
        return new ManagerServices(
            control, configuration, explanations, view, events, logs, terminals, usage, hosts, tokens, identities,
            history, failovers, health, counters, facts, tracing, info);
    }
}
