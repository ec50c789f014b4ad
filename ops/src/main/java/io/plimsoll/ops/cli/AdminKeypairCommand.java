package io.plimsoll.ops.cli;

import picocli.CommandLine.Command;

/** Makes, lists, shows, changes and removes keypairs, whose tokens let users in. */
@Command(
    name = "keypair",
    description = "Makes, lists, shows, changes and removes keypairs, whose tokens let users in.",
    footer = {
        "  plimsoll admin keypair create user=ana",
        "  plimsoll admin keypair create user=ci expiresAt=2030-01-31T00:00:00Z pendingMax=1000",
        "  plimsoll admin keypair update PK7Q2M4XZ9TKWB active=false",
        "  plimsoll admin keypair delete PK7Q2M4XZ9TKWB",
        "  plimsoll admin keypair list user=ana"})
final class AdminKeypairCommand extends SubjectCommand
{
    AdminKeypairCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    String kind()
    {
        return "keypair";
    }

    @Override
    boolean hasName()
    {
        return false;
    }

    @Override
    String[] headings()
    {
        return new String[]{"ACCESS-KEY", "USER", "EXPIRES"};
    }

    @Override
    String[] cells(final JsonValue subject)
    {
        return new String[]{
            subject.text("accessKey"), subject.text("user"), subject.text("expiresAt")};
    }
}
