using System.Globalization;
using System.Text.RegularExpressions;
using ConfSync.Configuration;
using static ConfSync.Tests.Configuration.Reading;

namespace ConfSync.Tests.Configuration;

/// <summary>What <see cref="KnownVariables"/> says of a variable is what the reader of the file does.</summary>
public sealed partial class KnownVariablesTests
{
    private static IEnumerable<TestCaseData> Numbers =>
        from variable in KnownVariables.All
        let range = Range().Match(variable.Values)
        where range.Success
        select new TestCaseData(variable.Name, long.Parse(range.Groups["least"].Value, CultureInfo.InvariantCulture), long.Parse(range.Groups["most"].Value, CultureInfo.InvariantCulture));

    private static IEnumerable<string> Switches => KnownVariables.All.Where(variable => variable.Values == "`yes`, `no`").Select(variable => variable.Name);

    [TestCaseSource(nameof(Numbers))]
    public void A_number_is_taken_in_its_range_only(string name, long least, long most)
    {
        Assert.That(Problems(name, $"{least}").Concat(Problems(name, $"{most}")), Is.Empty);
        Assert.That(Problems(name, $"{most + 1}"), Is.Not.Empty);
        Assert.That(Problems(name, $"{least - 1}"), Is.Not.Empty);
    }

    [TestCaseSource(nameof(Numbers))]
    public void A_number_has_the_default_that_the_table_says(string name, long least, long most)
    {
        var said = KnownVariables.All.Single(variable => variable.Name == name).Default;
        var value = Number().Match(said) is { Success: true } number ? number.Value : "";

        Assert.That(Described(Config($"{Minimum}{name}={value}\n")), Is.EqualTo(Described(Config(Minimum))), said);
    }

    [TestCaseSource(nameof(Switches))]
    public void A_switch_takes_yes_and_no_and_has_the_default_that_the_table_says(string name)
    {
        var said = KnownVariables.All.Single(variable => variable.Name == name).Default.Trim('`');

        Assert.That(Problems(name, "yes").Concat(Problems(name, "no")), Is.Empty);
        Assert.That(Problems(name, "maybe"), Is.Not.Empty);
        Assert.That(Described(Config($"{Minimum}{name}={said}\n")), Is.EqualTo(Described(Config(Minimum))));
        Assert.That(Described(Config($"{Minimum}{name}={(said == "yes" ? "no" : "yes")}\n")), Is.Not.EqualTo(Described(Config(Minimum))));
    }

    [Test]
    public void Each_has_a_text() => Assert.That(KnownVariables.All.Where(variable => variable.Meaning.Length < 10).Select(variable => variable.Name), Is.Empty);

    private static string[] Problems(string name, string value) => ProblemsOf($"{Minimum}{name}={value}\n");

    // Lists are compared by identity; those here are empty or the same one path.
    private static string Described(SyncConfig config) => config.ToString();

    [GeneratedRegex("^(?<least>[0-9]+) to (?<most>[0-9]+)$")]
    private static partial Regex Range();

    [GeneratedRegex("^[0-9]+")]
    private static partial Regex Number();
}
