using ConfSync.Configuration;

namespace ConfSync.Tests.Configuration;

/// <summary>What becomes of each line of nginx-sync.sh's configuration file.</summary>
public sealed class MigrationTests
{
    [Test]
    public void Each_line_has_its_verdict()
    {
        var lines = Of("""
            NODES="192.168.200.161 192.168.200.163"
            CONFPATHS="/etc/nginx/nginx.conf
              /etc/nginx/sites-?"
            EXCLUDE="default.conf"
            POSTSYNC="/etc/nginx/nginx.conf|'s/a b/c/'"
            SSH="/usr/bin/ssh -p 2222 -oStrictHostKeyChecking=no -l deploy -i /root/key -q"
            RSYNC="/usr/bin/rsync --exclude=x"
            DIFF=/usr/bin/diff
            MAXBACKUPCOPY=5
            USERPREFIX=deploy@
            BACKUPDIR=$(mktemp -d)
            """);

        Assert.That(lines.Select(line => (line.Line, line.Name, line.Kind)), Is.EqualTo(
            [
                (1, "NODES", MigrationKind.Kept), (2, "CONFPATHS", MigrationKind.Review), (4, "EXCLUDE", MigrationKind.Kept), (5, "POSTSYNC", MigrationKind.Kept),
                (6, "SSH", MigrationKind.Change), (7, "RSYNC", MigrationKind.Review), (8, "DIFF", MigrationKind.NoEffect), (9, "MAXBACKUPCOPY", MigrationKind.Review),
                (10, "USERPREFIX", MigrationKind.Change), (11, "BACKUPDIR", MigrationKind.Change),
            ]));
        Assert.That(lines[1].Words, Does.Contain("is taken as it stands, not as a pattern"));
        Assert.That(lines[4].Words, Is.EqualTo(
            "SSH=\"/usr/bin/ssh\" names the program alone; the port goes to NODES (host:2222) or ~/.ssh/config (Port 2222); " +
            "~/.ssh/config: StrictHostKeyChecking no; the user goes to NODES (deploy@host); SSHKEY=\"/root/key\"; -q goes to ~/.ssh/config, if it is needed"));
        Assert.That(lines[7].Words, Does.EndWith("for as many generations on a peer: KEEP=5"));
    }

    [Test]
    public void What_is_no_assignment_stands_on_its_own_line()
    {
        var lines = Of("NODES=a\nCONFPATHS=/etc/nginx\nHOST=$(hostname)\nif [ \"$HOST\" = x ]; then\nKEEP=5\nfi\n");

        Assert.That(lines.Select(line => (line.Line, line.Name, line.Kind)), Is.EqualTo(
            [
                (1, "NODES", MigrationKind.Kept), (2, "CONFPATHS", MigrationKind.Kept), (3, "HOST", MigrationKind.Change), (4, "", MigrationKind.Change),
                (5, "KEEP", MigrationKind.Kept), (6, "", MigrationKind.Change),
            ]));
    }

    [Test]
    public void The_documented_file_can_stay_as_it_is() => Assert.That(
        Of("NODES=\"192.168.200.161 192.168.200.163\"\nCONFPATHS=\"/etc/nginx/nginx.conf /etc/nginx/conf.d\"\nEXCLUDE=\"default.conf\"\n"),
        Is.All.Property("Kind").EqualTo(MigrationKind.Kept));

    [TestCase("for i in a b; do echo; done\nNODES=a\n")]
    [TestCase("NODES=a\nif true; then CONFPATHS=/etc/nginx; fi\n")]
    [TestCase("NODES=a\n")]
    public void What_only_a_shell_can_read_or_is_missing_has_to_be_changed(string text) =>
        Assert.That(Of(text), Has.Some.Property("Kind").EqualTo(MigrationKind.Change));

    private static List<MigrationLine> Of(string text) => [.. Migration.Of(Reading.FileName, text, Reading.Environment)];
}
