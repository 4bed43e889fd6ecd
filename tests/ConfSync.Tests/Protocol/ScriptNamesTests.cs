using System.Text.RegularExpressions;
using ConfSync.Protocol;

namespace ConfSync.Tests.Protocol;

/// <summary>How much of a mode's script a reader has to keep in mind: the names that are not local, and the length of the
/// functions.</summary>
internal sealed partial class ScriptNamesTests
{
    private const int LongestFunction = 50;

    [TestCase(ConversationMode.Push, 60)]
    [TestCase(ConversationMode.DryRun, 60)]
    [TestCase(ConversationMode.Primary, 45)]
    [TestCase(ConversationMode.Compare, 40)]
    [TestCase(ConversationMode.History, 40)]
    public void The_script_of_a_mode_has_no_more_than_so_many_global_names(ConversationMode mode, int most)
    {
        var names = GlobalNames(Functions(mode)).Order(StringComparer.Ordinal).ToList();
        Assert.That(names, Has.Count.LessThanOrEqualTo(most), string.Join(' ', names));
    }

    [Test]
    public void A_name_is_global_that_a_call_can_set_without_a_local_on_the_way()
    {
        var functions = Functions("""
            constant=1
            one() {
              local mine
              mine=1 result=2
              two
            }
            two() {
              mine=2 hidden=$(mine=3)
              read -r first second <"$file"
            }
            three() {
              local first
              for second in $first; do dd bs=1 count="a b=c"; done
              two || four
            }
            four() (
              inner=1
            )
            one && three
            """);
        Assert.That(GlobalNames(functions), Is.EquivalentTo(["constant", "result", "mine", "hidden", "first", "second"]));
    }

    [TestCase(ConversationMode.Push)]
    [TestCase(ConversationMode.Primary)]
    [TestCase(ConversationMode.Compare)]
    [TestCase(ConversationMode.History)]
    public void No_function_is_longer_than_a_screen(ConversationMode mode)
    {
        var long_ = Regex.Matches(PeerScript.SourceOf(mode), @"^([a-z_]+)\(\) [{(]\n(.*?)^[})]$", RegexOptions.Multiline | RegexOptions.Singleline)
            .Where(function => function.Groups[2].Value.Count(c => c == '\n') > LongestFunction).Select(function => function.Groups[1].Value);
        Assert.That(long_, Is.Empty);
    }

    // The one that reads it from the wire, with contents in between, and the one that goes through it.
    [Test]
    public void A_plan_is_parsed_in_two_places_only() =>
        Assert.That(Regex.Count(PeerScript.SourceOf(ConversationMode.Push), @"\bread -r operation\b"), Is.EqualTo(2));

    // The names that are set in a function, unless that function, or each one that leads to it, has them local.
    private static HashSet<string> GlobalNames(List<Function> functions)
    {
        var callers = functions.ToDictionary(
            function => function.Name, function => functions.Where(caller => caller.Calls(function.Name)).ToList(), StringComparer.Ordinal);
        return [.. functions.SelectMany(function => function.Names.Where(name => Reaches(function, name, [])))];

        bool Reaches(Function function, string name, HashSet<string> seen) =>
            !function.IsSubshell && !function.Locals.Contains(name) && seen.Add(function.Name) &&
            (function.Name.Length == 0 || callers[function.Name].Any(caller => Reaches(caller, name, seen)));
    }

    private static List<Function> Functions(ConversationMode mode) => Functions(PeerScript.SourceOf(mode));

    // The code outside of functions is one without a name.
    private static List<Function> Functions(string source)
    {
        var code = Quoted().Replace(Comment().Replace(source, ""), "Q");
        var functions = Definition().Matches(code)
            .Select(match => new Function(match.Groups["name"].Value, match.Groups["brace"].Value == "(", match.Groups["body"].Value));
        return [.. functions, new Function("", false, Definition().Replace(code, ""))];
    }

    [GeneratedRegex(@"^ *#.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"'[^']*'|""(?:[^""\\]|\\.)*""|\\.", RegexOptions.Singleline)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^(?<name>[a-z_]+)\(\) (?<brace>[{(])\n(?<body>.*?)^[})]$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Definition();

    private sealed partial record Function(string Name, bool IsSubshell, string Body)
    {
        // Where a command begins, and what takes a function to run as its argument.
        private const string Begin =
            @"(?:^|[;&|({!]|[^(\n]\)|\b(?:if|then|elif|else|do|while|until|attempt|deliver|collect|bounded) |\bfor_each_operation \S+ )\s*";

        public HashSet<string> Locals { get; } =
            [.. Local().Matches(Body).SelectMany(match => match.Groups[1].Value.Split(' '))];

        public HashSet<string> Names { get; } =
        [
            .. Assignments().Matches(Body).SelectMany(match => match.Groups["name"].Captures).Select(capture => capture.Value),
            .. Read().Matches(Body).SelectMany(match => match.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Except(["_"]),
            .. For().Matches(Body).Select(match => match.Groups[1].Value),
            .. Default().Matches(Body).Select(match => match.Groups[1].Value),
        ];

        public bool Calls(string name) =>
            name.Length > 0 && Regex.IsMatch(Body, $@"{Begin}{name}(?=[\s;|&]|(?<!^\s*{name})\)|$)", RegexOptions.Multiline);

        [GeneratedRegex(@"^\s*local (.*)$", RegexOptions.Multiline)]
        private static partial Regex Local();

        [GeneratedRegex(Begin + @"(?:(?<name>[a-z_][a-z_0-9]*)=(?:\$\([^()]*\)|[^\s;&|)])*(?: +|(?=[;&|)\n]|$)))+", RegexOptions.Multiline)]
        private static partial Regex Assignments();

        [GeneratedRegex(@"\bread -r ([a-z_ ]+)")]
        private static partial Regex Read();

        [GeneratedRegex(@"\bfor ([a-z_]+)(?: in |;)")]
        private static partial Regex For();

        [GeneratedRegex(@"\$\{([a-z_]+):?=")]
        private static partial Regex Default();
    }
}
