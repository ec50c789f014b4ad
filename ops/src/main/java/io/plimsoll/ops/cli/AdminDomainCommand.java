package io.plimsoll.ops.cli;

import picocli.CommandLine.Command;

/** Makes, lists, shows, changes and removes domains: organisations that share the cluster. */
@Command(
    name = "domain",
    description = "Makes, lists, shows, changes and removes domains: organisations that share the cluster.",
    footer = {
        "  plimsoll admin domain create research limits.cuda.device=64",
        "  plimsoll admin domain update research weight=2 sessionsMax=1000",
        "  plimsoll admin domain list"})
final class AdminDomainCommand extends SubjectCommand
{
    AdminDomainCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    String kind()
    {
        return "domain";
    }

    @Override
    String[] headings()
    {
        return new String[]{"NAME"};
    }

    @Override
    String[] cells(final JsonValue subject)
    {
        return new String[]{subject.text("name")};
    }
}
