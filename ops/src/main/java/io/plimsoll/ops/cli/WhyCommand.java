package io.plimsoll.ops.cli;

import io.plimsoll.manager.replay.ReplayedCluster;
import io.plimsoll.manager.why.WaitStory;
import io.plimsoll.manager.why.WaitStoryteller;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Tells the story of one session, from a journal. */
@Command(
    name = "why",
    sortOptions = false,
    synopsisHeading = "Usage: ",
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    description = {
        "Tells why a session waited: each time it was considered and passed over, what stood in the way, who was",
        "placed meanwhile, and what freed the way in the end."},
    footerHeading = "%nExamples:%n",
    footer = {
        "  plimsoll replay ~/.plimsoll why 4711",
        "  plimsoll replay ~/.plimsoll why 4711 -o json"})
final class WhyCommand implements Callable<Integer>
{
    private final Terminal terminal;

    @ParentCommand
    private ReplaySource replay;

    @Parameters(paramLabel = "SESSION", description = "Id of the session.")
    private String id;

    @Option(names = {"-o", "--output"}, paramLabel = "table|json", description = "Form of the answer.")
    private OutputFormat output = OutputFormat.table;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    WhyCommand(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    @Override
    public Integer call()
    {
        final long sessionId = IdRanges.parseId(id);
        final StoryText text = ReplayCommand.told(() ->
        {
            try (ReplayedCluster cluster = replay.openAnew())
            {
                final WaitStory story = WaitStoryteller.tell(cluster, sessionId);
                cluster.hasNext();
                ReplayCommand.warn(terminal, cluster.sequence(), cluster.fault());
                return new StoryText(story);
            }
        });
        if (OutputFormat.json == output)
        {
            terminal.out().println(text.json().pretty());
        }
        else
        {
            text.lines().forEach(terminal.out()::println);
        }
        return ExitCode.OK;
    }
}
