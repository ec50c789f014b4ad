package io.plimsoll.ops.cli;

import picocli.CommandLine.Command;

/** Makes, lists, shows, changes and removes projects, and says who belongs to them (add, remove). */
@Command(
    name = "project",
    description = "Makes, lists, shows, changes and removes projects, and says who belongs to them (add, remove).",
    footer = {
        "  plimsoll admin project create vision domain=research limits.cpu=100 limits.mem=1t lifetimeMax=8h",
        "  plimsoll admin project update vision limits.cpu=none allowedGroups=default,gpu",
        "  plimsoll admin project update vision idleTimeout=2h lowUseWindow=30m",
        "  plimsoll admin project add vision ana bo",
        "  plimsoll admin project remove vision bo",
        "  plimsoll admin project list domain=research -o json"})
final class AdminProjectCommand extends SubjectCommand
{
    AdminProjectCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    String kind()
    {
        return "project";
    }

    @Override
    String[] headings()
    {
        return new String[]{"NAME", "DOMAIN", "MEMBERS"};
    }

    @Override
    String[] cells(final JsonValue subject)
    {
        return new String[]{
            subject.text("name"), subject.text("domain"), names(subject.field("members"))};
    }
}
