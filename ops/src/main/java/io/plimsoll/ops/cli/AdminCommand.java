package io.plimsoll.ops.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Says who may use the cluster. What is done stands in the subcommands. */
@Command(
    name = "admin",
    description = {
        "Makes, shows, changes and removes domains, projects, users and keypairs.",
        "Each of them may have limits; what all of them say together holds. docs/IDENTITY.md",
        "goes through it from the start."},
    footer = {
        "  plimsoll admin domain create research",
        "  plimsoll admin project create vision domain=research limits.cpu=100 sessionsMax=50",
        "  plimsoll admin user create ana domain=research projects=vision",
        "  plimsoll admin keypair create user=ana",
        "  plimsoll admin audit --target vision",
        "  plimsoll admin history show"})
final class AdminCommand extends CommandGroup
{
    private AdminCommand()
    {
    }

    /** The command with its subcommands. */
    static CommandLine line(final Terminal terminal)
    {
        return new CommandLine(new AdminCommand())
            .addSubcommand("domain", new AdminDomainCommand(terminal))
            .addSubcommand("project", new AdminProjectCommand(terminal))
            .addSubcommand("user", new AdminUserCommand(terminal))
            .addSubcommand("keypair", new AdminKeypairCommand(terminal))
            .addSubcommand("audit", new AdminAuditCommand(terminal))
            .addSubcommand("history", AdminHistoryCommand.line(terminal));
    }
}
