using System.Text.RegularExpressions;
using ConfSync.Protocol;
using ConfSync.Services;

namespace ConfSync.Tests.Protocol;

/// <summary>How much of a mode's script a reader has to keep in mind: the names that are not local, and the length of the
/// functions.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed partial class ScriptNamesTests
{
    private const int LongestFunction = 50;

    // The script's own text: the command that reads it sets it, see PeerScript.Command.
    private const string OwnText = "s";

    [TestCase(ConversationMode.Push, 58)]
    [TestCase(ConversationMode.DryRun, 58)]
    [TestCase(ConversationMode.Primary, 38)]
    [TestCase(ConversationMode.Compare, 34)]
    [TestCase(ConversationMode.Status, 40)]
    [TestCase(ConversationMode.History, 34)]
    [TestCase(ConversationMode.Doctor, 40)]
    [TestCase(ConversationMode.Roles, 33)]
    [TestCase(ConversationMode.Setup, 36)]
    [TestCase(ConversationMode.Place, 35)]
    public void The_script_of_a_mode_has_no_more_than_so_many_global_names(ConversationMode mode, int most)
    {
        var names = GlobalNames(Functions(mode)).Order(StringComparer.Ordinal).ToList();
        Assert.That(names, Has.Count.LessThanOrEqualTo(most), string.Join(' ', names));
    }

    // Each further service has a limit of its own.
    [TestCase("haproxy nginx", ConversationMode.Push, 65)]
    [TestCase("haproxy nginx", ConversationMode.Compare, 37)]
    [TestCase("haproxy nginx keepalived", ConversationMode.Push, 70)]
    [TestCase("haproxy nginx keepalived", ConversationMode.Compare, 37)]
    [TestCase("proxy nginx", ConversationMode.Push, 65)]
    [TestCase("proxy nginx", ConversationMode.Compare, 37)]
    public void The_script_of_further_services_has_no_more_than_so_many_global_names(string services, ConversationMode mode, int most)
    {
        var names = GlobalNames(Functions(mode, SampleServices.Named(services))).Order(StringComparer.Ordinal).ToList();
        Assert.That(names, Has.Count.LessThanOrEqualTo(most), string.Join(' ', names));
    }

    [Test]
    public void All_modes_together_have_no_more_than_sixty_global_names()
    {
        var names = Enum.GetValues<ConversationMode>().SelectMany(mode => GlobalNames(Functions(mode))).Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.That(names, Has.Count.LessThanOrEqualTo(60), string.Join(' ', names));
    }

    // A name that nothing sets has the value that the login gave it.
    [Test]
    public void A_name_is_read_only_where_it_was_set([Values] ConversationMode mode)
    {
        Assert.Multiple(() =>
        {
            foreach (var services in SampleServices.Every) Assert.That(Unset(Functions(mode, services)).Except([OwnText]), Is.Empty);
        });
    }

    [Test]
    public void What_is_read_although_a_call_leads_there_that_has_not_set_it_is_found()
    {
        var functions = Functions("""
            given=1
            unset cleared
            one() {
              local mine
              mine=1
              two 'and $quoted'
            }
            two() {
              echo "$given ${cleared:-} ${mine+it} $((lost - 1)) $(date "$other")"
            }
            three() {
              eval "two $given"
              echo "$(four 2>&1)"
            }
            four() {
              ${inherited-} true
            }
            one && three
            """);
        Assert.That(Unset(functions), Is.EquivalentTo(["mine", "lost", "other", "inherited"]));
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
    [TestCase(ConversationMode.Status)]
    [TestCase(ConversationMode.History)]
    [TestCase(ConversationMode.Doctor)]
    [TestCase(ConversationMode.Roles)]
    [TestCase(ConversationMode.Setup)]
    [TestCase(ConversationMode.Place)]
    public void No_function_is_longer_than_a_screen(ConversationMode mode)
    {
        var source = string.Join('\n', SampleServices.Every.Select(services => PeerScript.SourceOf(mode, services)));
        var long_ = Regex.Matches(source, @"^([a-z_]+)\(\) [{(]\n(.*?)^[})]$", RegexOptions.Multiline | RegexOptions.Singleline)
            .Where(function => function.Groups[2].Value.Count(c => c == '\n') > LongestFunction).Select(function => function.Groups[1].Value);
        Assert.That(long_, Is.Empty);
    }

    // The parent has the rest only once it recovers; the test in a view has nothing of it.
    [TestCase("main", "main", "recover_runner")]
    [TestCase("push/in-view", "view")]
    public void What_a_push_runs_before_its_script_is_read_to_the_end_is_defined_by_then(string part, string start, params string[] except)
    {
        var all = Functions(ConversationMode.Push);
        var parts = ScriptParts.Of(ConversationMode.Push, ServiceSet.Default).ToList();
        var defined = Functions(string.Join('\n', parts.Take(parts.IndexOf(part) + 1).Select(name => File.ReadAllText(Repository.File($"src/ConfSync/Protocol/Script/{name}.sh")))))
            .ToDictionary(function => function.Name, StringComparer.Ordinal);
        var (reached, waiting) = (new HashSet<string>(StringComparer.Ordinal), new Stack<string>([start]));
        while (waiting.TryPop(out var name))
        {
            if (!reached.Add(name) || !defined.TryGetValue(name, out var function)) continue;
            foreach (var called in all.Where(other => function.Calls(other.Name) || function.Substitutes(other.Name))) waiting.Push(called.Name);
        }
        Assert.That(reached.Except(defined.Keys), Is.EquivalentTo(except));
    }

    // The one that reads it from the wire, with contents in between, and the one that goes through it.
    [Test]
    public void A_plan_is_parsed_in_two_places_only() =>
        Assert.That(Regex.Count(PeerScript.SourceOf(ConversationMode.Push, ServiceSet.Default), @"\bread -r operation\b"), Is.EqualTo(2));

    // The names that are set in a function, unless that function, or each one that leads to it, has them local.
    private static HashSet<string> GlobalNames(List<Function> functions) =>
        Reaching(
            functions, function => function.Names, (function, name) => function.IsSubshell || function.Locals.Contains(name),
            (caller, name) => caller.Calls(name));

    // The names that are read where no function on the way to it sets them, nor any function for all.
    private static IEnumerable<string> Unset(List<Function> functions) =>
        Reaching(
            functions, function => function.Reads,
            (function, name) => function.Locals.Contains(name) || (function.IsSubshell && function.Names.Contains(name)),
            (caller, name) => caller.Calls(name) || caller.Substitutes(name))
            .Except(GlobalNames(functions)).Except(functions.SelectMany(function => function.Cleared));

    // The names of a function that nothing ends on one way from it up to the code outside of functions.
    private static HashSet<string> Reaching(
        List<Function> functions, Func<Function, IEnumerable<string>> namesOf, Func<Function, string, bool> endsIn,
        Func<Function, string, bool> calls)
    {
        var callers = functions.ToDictionary(
            function => function.Name, function => functions.Where(caller => calls(caller, function.Name)).ToList(), StringComparer.Ordinal);
        return [.. functions.SelectMany(function => namesOf(function).Where(name => Reaches(function, name, [])))];

        bool Reaches(Function function, string name, HashSet<string> seen) =>
            !endsIn(function, name) && seen.Add(function.Name) &&
            (function.Name.Length == 0 || callers[function.Name].Any(caller => Reaches(caller, name, seen)));
    }

    private static List<Function> Functions(ConversationMode mode, ServiceSet? services = null) =>
        Functions(PeerScript.SourceOf(mode, services ?? ServiceSet.Default));

    // The code outside of functions is one without a name.
    private static List<Function> Functions(string source)
    {
        var code = Quoted().Replace(Comment().Replace(source, ""), match => match.Value[0] == '\'' ? "Q" : match.Value);
        var functions = Definition().Matches(code)
            .Select(match => Of(match.Groups["name"].Value, match.Groups["brace"].Value == "(", match.Groups["body"].Value));
        return [.. functions, Of("", false, Definition().Replace(code, ""))];

        // A function that eval is to call is called.
        static Function Of(string name, bool isSubshell, string text) =>
            new(name, isSubshell, text, Quoted().Replace(Evaluated().Replace(text, "$1 \""), "Q"));
    }

    [GeneratedRegex(@"^ *#.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"'[^']*'|""(?:[^""\\]|\\.)*""|\\.", RegexOptions.Singleline)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^(?<name>[a-z_]+)\(\) (?<brace>[{(])\n(?<body>.*?)^[})]$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Definition();

    [GeneratedRegex(@"\beval ""([a-z_]+) (?=\$)")]
    private static partial Regex Evaluated();

    // Text: as it is written, but for what is between apostrophes. Body: without what is between other quotes either.
    private sealed partial record Function(string Name, bool IsSubshell, string Text, string Body)
    {
        // Where a command begins, and what takes a function to run as its argument.
        private const string Begin =
            @"(?:^|[;&|({!]|[^(\n]\)|\b(?:if|then|elif|else|do|while|until|attempt|deliver|collect|bounded) |\bfor_each_operation \S+ )\s*";

        public HashSet<string> Locals { get; } =
            [.. Local().Matches(Body).SelectMany(match => match.Groups[1].Value.Split(' ')).Select(word => word.Split('=')[0])];

        public HashSet<string> Names { get; } =
        [
            .. Assignments().Matches(Body).SelectMany(match => match.Groups["name"].Captures).Select(capture => capture.Value),
            .. Read().Matches(Body).SelectMany(match => match.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Except(["_"]),
            .. For().Matches(Body).Select(match => match.Groups[1].Value),
            .. Default().Matches(Body).Select(match => match.Groups[1].Value),
        ];

        public HashSet<string> Reads { get; } =
        [
            .. Expansion().Matches(Text).Select(match => match.Groups[1].Value),
            .. Calculation().Matches(Text).SelectMany(match => Operand().Matches(Substitution().Replace(match.Groups[1].Value, "")))
                .Select(match => match.Value),
        ];

        // Set by nobody from then on, until it is.
        public IEnumerable<string> Cleared =>
            Clearing().Matches(Body).SelectMany(match => match.Groups[1].Value.Split(' '));

        // An expression of each name is slow to make: most functions do not hold the name at all.
        public bool Calls(string name) =>
            name.Length > 0 && Body.Contains(name, StringComparison.Ordinal) && Regex.IsMatch(Body, $@"{Begin}{name}(?=[\s;|&]|(?<!^\s*{name})\)|$)", RegexOptions.Multiline);

        // In quotes or not. What is set there is gone afterwards, and what is read there has the caller's value.
        public bool Substitutes(string name) => name.Length > 0 && Text.Contains($"$({name}", StringComparison.Ordinal) && Regex.IsMatch(Text, $@"\$\({name}\b");

        [GeneratedRegex(@"\$\{?#?([a-z_][a-z_0-9]*)")]
        private static partial Regex Expansion();

        [GeneratedRegex(@"\$\(\((.*?)\)\)", RegexOptions.Singleline)]
        private static partial Regex Calculation();

        [GeneratedRegex(@"\$\([^()]*\)")]
        private static partial Regex Substitution();

        [GeneratedRegex(@"(?<![\w$])[a-z_][a-z_0-9]*")]
        private static partial Regex Operand();

        [GeneratedRegex(@"^unset ([a-z_ ]+)$", RegexOptions.Multiline)]
        private static partial Regex Clearing();

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
