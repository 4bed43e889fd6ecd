using ConfSync.Primary;
using ConfSync.Reports;

namespace ConfSync.Tests.Reports;

/// <summary>What people read where something on the primary is wrong.</summary>
public sealed class PrimaryTextTests
{
    private static readonly IReadOnlyList<PrimaryFault> Faults = EveryRecord.Of<PrimaryFault>();

    [Test]
    public void Every_fault_has_a_sentence_of_its_own() => Assert.That(Faults.Select(PrimaryText.Of), Is.Unique.And.All.Not.Empty);

    [Test]
    public void Every_step_has_words_of_its_own() => Assert.That(Enum.GetValues<PrimaryStep>().Select(PrimaryText.Of), Is.Unique);

    [Test]
    public void Every_problem_of_a_file_names_it()
    {
        var lines = PrimaryText.Of(new PrimaryFault.CannotBePushed([new FileProblem.Missing("/etc/a"), new FileProblem.Special("/etc/b")])).Split('\n');

        Assert.That(lines[0], Is.EqualTo("/etc/a, named in CONFPATHS, does not exist on this machine"));
        Assert.That(lines[1], Does.StartWith("/etc/b is a socket, device or fifo"));
    }

    [Test]
    public void What_was_attempted_comes_first_and_the_words_are_indented() => Assert.That(
        PrimaryText.Of(new PrimaryProblem(PrimaryStep.Save, new PrimaryFault.Said("no space\nat all")) { Place = "/var/backups" }, "pushed"),
        Is.EqualTo("nginx-sync: saving the local files to /var/backups failed; nothing was pushed (NS-1305):\n    no space\n    at all"));
}
