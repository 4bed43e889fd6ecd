using ConfSync.Configuration;
using static ConfSync.Tests.Configuration.Reading;

namespace ConfSync.Tests.Configuration;

public sealed class ShellAssignmentsTests
{
    [TestCase("A=x", "x")]
    [TestCase("A=", "")]
    [TestCase("A=\"\"", "")]
    [TestCase("A=''", "")]
    [TestCase("  A=x  ", "x")]
    [TestCase("A=x;", "x")]
    [TestCase("A=x # comment", "x")]
    [TestCase("A=x#no-comment", "x#no-comment")]
    [TestCase("A=\"x # no comment\"", "x # no comment")]
    [TestCase("A=\"x y\"", "x y")]
    [TestCase("A='x y'", "x y")]
    [TestCase("A=\"x\"'y'z", "xyz")]
    [TestCase("A=a=b", "a=b")]
    [TestCase("A=*.conf", "*.conf")]
    [TestCase("A='it'\\''s'", "it's")]
    [TestCase("A=\"it's\"", "it's")]
    [TestCase("A='say \"hi\"'", "say \"hi\"")]
    [TestCase("A=\"a | b & c < d > e ; (f)\"", "a | b & c < d > e ; (f)")]
    [TestCase("export A=x", "x")]
    [TestCase("A=x\nexport A", "x")]
    [TestCase("B=1 A=2; C=3", "2")]
    [TestCase("A=1\nA=2", "2")]
    [TestCase("\uFEFFA=x", "x")]
    [TestCase("A=ü", "ü")]
    public void An_assignment_gives_its_value(string text, string value) => Assert.That(ValueOf("A", text), Is.EqualTo(value));

    [TestCase("A=\"one\ntwo\"", "one\ntwo")]
    [TestCase("A='one\ntwo'", "one\ntwo")]
    [TestCase("A=\"one\\\ntwo\"", "onetwo")]
    [TestCase("A='one\\\ntwo'", "one\\\ntwo")]
    [TestCase("A=one\\\ntwo", "onetwo")]
    [TestCase("A\\\nB=one", "one", "AB")]
    [TestCase("# a comment ends here \\\nA=x", "x")]
    public void A_value_may_span_lines(string text, string value, string name = "A") =>
        Assert.That(ValueOf(name, text), Is.EqualTo(value));

    [TestCase(@"A=""\$ \` \"" \\""", @"$ ` "" \")]
    [TestCase(@"A=""\a\.\'\n""", @"\a\.\'\n")]
    [TestCase(@"A='\$\a'", @"\$\a")]
    [TestCase(@"A=\a\ \$\\\""", @"a $\""")]
    public void A_backslash_means_what_it_means_to_a_shell(string text, string value) =>
        Assert.That(ValueOf("A", text), Is.EqualTo(value));

    [TestCase("B=x\nA=$B", "x")]
    [TestCase("B=x\nA=${B}y", "xy")]
    [TestCase("B=x\nA=\"a $B b\"", "a x b")]
    [TestCase("B=x\nA='$B'", "$B")]
    [TestCase("B=x A=$B", "x")]
    [TestCase("A=x\nA=\"$A y\"", "x y")]
    [TestCase("B='$C'\nA=$B", "$C")]
    [TestCase("B='a  b'\nA=$B", "a  b")]
    [TestCase("A=$HOME/key", "/home/ada/key")]
    [TestCase("A=$USER", "ada")]
    [TestCase("HOME=/root\nA=$HOME", "/root")]
    [TestCase("A=~/key", "/home/ada/key")]
    [TestCase("A=~", "/home/ada")]
    [TestCase("A=x:~/key", "x:/home/ada/key")]
    [TestCase("A=\"~/key\"", "~/key")]
    [TestCase("A=x~", "x~")]
    [TestCase("A=\"s/x$/y/\"", "s/x$/y/")]
    [TestCase("A=x$", "x$")]
    [TestCase("A=\\$[1]", "$[1]")]
    [TestCase("A='$[1]'", "$[1]")]
    public void A_variable_is_replaced_by_its_value(string text, string value) =>
        Assert.That(ValueOf("A", text), Is.EqualTo(value));

    [TestCase("B=x\nA=“x”", "2: A: “ is a typographic quote: write A=\"…\" with plain ones")]
    [TestCase("A=‘x y’", "1: A: ‘ is a typographic quote: write A=\"…\" with plain ones")]
    [TestCase("\nA=$(hostname)", "2: A: command substitution $(…) is not supported: write its result instead")]
    [TestCase("A=\"$(cat \"my file\")\"", "1: A: command substitution $(…) is not supported: write its result instead")]
    [TestCase("A=`hostname`", "1: A: command substitution `…` is not supported: write its result instead")]
    [TestCase("A=\"x `hostname`\"", "1: A: command substitution `…` is not supported: write its result instead")]
    [TestCase("$(hostname)", "1: command substitution $(…) is not supported: write its result instead")]
    [TestCase("A=$((1 + 2))", "1: A: arithmetic $((…)) is not supported: write its result instead")]
    [TestCase("A=$[1 + 2]", "1: A: arithmetic $[…] is not supported: write its result instead, or \\$[ for the characters themselves")]
    [TestCase("A=\"x\n$[1]\"", "2: A: arithmetic $[…] is not supported: write its result instead, or \\$[ for the characters themselves")]
    [TestCase("A=${X:-y}", "1: A: in ${…}, anything but the name of a variable is not supported")]
    [TestCase("A=\"${X%y z}\"", "1: A: in ${…}, anything but the name of a variable is not supported")]
    [TestCase("A=$1", "1: A: $1 is not supported: write \\$ for the character itself")]
    [TestCase("A=$'x'", "1: A: a $ before a quote is not supported: write \\$ for the character itself")]
    [TestCase("A=~root/x", "1: A: ~ of another user is not supported: write the path itself")]
    [TestCase("A=x | tee", "1: a pipe (|) is not supported: quote the value if the character belongs to it")]
    [TestCase("A=x|y", "1: A: a pipe (|) is not supported: quote the value if the character belongs to it")]
    [TestCase("A=x &", "1: a background command (&) is not supported: quote the value if the character belongs to it")]
    [TestCase("A=x>y", "1: A: a redirection (>) is not supported: quote the value if the character belongs to it")]
    [TestCase("A=x(y)", "1: A: a ( outside quotes is not supported: quote the value if the character belongs to it")]
    [TestCase("A=(x y)", "1: A: an array is not supported: write A=\"…\" with spaces between the items")]
    [TestCase("A[0]=x", "1: an array (A[…]) is not supported: write A=\"…\" with spaces between the items")]
    [TestCase("A+=x", "1: += is not supported: write A=\"$A …\"")]
    [TestCase("f() { :; }", "1: a function (f) is not supported: this file is read, never executed")]
    [TestCase("if true; then", "1: \"if\" is not supported: this file is read, never executed, and holds only NAME=value")]
    [TestCase("echo hello", "1: \"echo\" is a command: this file is read, never executed, and holds only NAME=value")]
    [TestCase(". /etc/other", "1: \".\" is a command: this file is read, never executed, and holds only NAME=value")]
    [TestCase("NODES = x", "1: NODES: remove the space before the =")]
    [TestCase("NODES=a b", "1: \"b\" stands outside the value of NODES: quote a value that holds spaces, NODES=\"…\"")]
    [TestCase("NODES=a \"b", "1: \"\"b\" stands outside the value of NODES: quote a value that holds spaces, NODES=\"…\"")]
    [TestCase("; A=x", "1: there is nothing before this ;")]
    [TestCase("A=x;;", "1: there is nothing before this ;")]
    [TestCase("A=$B", "1: A: $B is not set: only what is set above in this file, HOME and USER can be used")]
    [TestCase("A=\"\n${B}\"", "2: A: $B is not set: only what is set above in this file, HOME and USER can be used")]
    [TestCase("A=$PATH", "1: A: $PATH is not set: only what is set above in this file, HOME and USER can be used")]
    [TestCase("B=1\n\nA=\"x\ny\n", "3: A: the \" opened on this line is never closed")]
    [TestCase("A='x\ny'\"z\nB", "2: A: the \" opened on this line is never closed; or one is missing further up, from line 1 on")]
    [TestCase("A='x\ny\n", "1: A: the ' opened on this line is never closed")]
    [TestCase("A=x\\", "1: A: a backslash at the end of the file quotes nothing: remove it")]
    [TestCase("A=x\nB=\0", "2: this is not a text file: it holds a NUL character")]
    [TestCase("A=x\nB=\u001b[0m", "2: remove the control character \\x1b")]
    [TestCase("A=x\rB=y", "1: remove the control character \\x0d")]
    public void What_only_a_shell_could_do_is_named_with_its_line(string text, string problem) =>
        Assert.That(SyntaxProblem(text), Is.EqualTo(problem));

    [TestCase("A=\"x y\nB=\"z\"\nC=\"1 2\"", 1)]
    [TestCase("A='x y\nB='z'\nC='1 2'", 1)]
    [TestCase("A='x y\nB=\"z\"\nC='1 2'", 1)]
    [TestCase("A=\"x y\nNODES=\"\"\nC=\"1 2\"", 1)]
    [TestCase("A=\"x y\nNODES=a\nC=\"1 2\"", 1)]
    [TestCase("A=\"x y\nKEEP=5\nC=5", 1)]
    [TestCase("A=\"x\n  y\n  z\n\n# of C\nexport NODES=\"1 2\"\nC=\"3\"", 1)]
    [TestCase("C=\"1 2\"\n\nA=\"x y\n  NODES=\"$(a)\"\nKEEP=\"$NO\"", 3, "4: NODES: command substitution $(…) is not supported: write its result instead", "5: KEEP: $NO is not set: only what is set above in this file, HOME and USER can be used")]
    [TestCase("A=\"x y\nB=\"z y\nC=\"1 2\"", 1, "2: B: the \" opened on this line is never closed")]
    [TestCase("C=1\nA=\"x y", 2)]
    public void A_quote_that_is_not_closed_is_blamed_once_and_where_it_was_opened(string text, int line, params string[] more)
    {
        var quote = text[text.IndexOf("A=", StringComparison.Ordinal) + 2];

        Assert.That(SyntaxProblem(text).Split('\n'), Is.EqualTo([$"{line}: A: the {quote} opened on this line is never closed", .. more]));

        var c = Assignments(text).Assignments.LastOrDefault(found => found.Name == "C");
        Assert.That(c is null or { Value: not null }, "what follows is read");
    }

    [TestCase("A='\nB=1 curl x\n'", "\nB=1 curl x\n")]
    [TestCase("A=\"x\nB=\"", "x\nB=")]
    [TestCase("A='\nNODES=1\n'", "\nNODES=1\n")]
    public void A_value_may_hold_what_looks_like_an_assignment(string text, string value) => Assert.That(ValueOf("A", text), Is.EqualTo(value));

    [Test]
    public void Every_problem_of_a_file_is_reported_and_what_is_right_is_read()
    {
        const string text = """
            A="$(date
            +%s)"
            if [ "$B" = "x
            y" ]; then
              C=3
            fi
            D=$A$E
            """;

        Assert.That(SyntaxProblem(text), Is.EqualTo("""
            1: A: command substitution $(…) is not supported: write its result instead
            3: "if" is not supported: this file is read, never executed, and holds only NAME=value
            6: "fi" is not supported: this file is read, never executed, and holds only NAME=value
            7: D: $E is not set: only what is set above in this file, HOME and USER can be used
            """));
        Assert.That(
            Assignments(text).Assignments.Select(assignment => (assignment.Name, assignment.Value)),
            Is.EqualTo(new (string, string?)[] { ("A", null), ("C", "3"), ("D", null) }));
    }

    [Test]
    public void A_value_cannot_grow_without_end() =>
        Assert.That(
            SyntaxProblem("A=1234567\n" + string.Concat(Enumerable.Repeat("A=\"$A$A\"\n", 40))),
            Is.EqualTo("19: A: the value is too long"));

    [Test]
    public void Lines_that_are_part_of_what_is_rejected_are_not_read() =>
        Assert.That(
            Assignments("echo \"1\\\"\nB=2\" '\nC=3'\nA=x").Assignments.Select(found => found.Name), Is.EqualTo(["A"]));

    [Test]
    public void An_apostrophe_in_what_is_rejected_does_not_swallow_the_lines_after_it() =>
        Assert.That(ValueAfterProblem("echo it's\nA=x"), Is.EqualTo("x"));

    [Test]
    public void Windows_line_ends_are_read_as_line_ends() =>
        Assert.That(ValueOf("A", "B=1\r\nA=\"x \\\r\ny\r\nz\"\r\n"), Is.EqualTo("x y\nz"));

    [TestCase("A=x\r\nB=y\r")]
    [TestCase("A=x\r\nB=y")]
    public void The_last_line_may_lack_its_newline(string text) => Assert.That(ValueOf("B", text), Is.EqualTo("y"));

    [Test]
    public void A_variable_that_the_environment_lacks_is_not_set() =>
        Assert.That(
            ShellAssignments.Parse(FileName, "A=$USER", _ => null).Problems.Single().ToString(),
            Is.EqualTo("/etc/nginx-sync.conf:1: A: $USER is not set: only what is set above in this file, HOME and USER can be used"));

    [Test]
    public void Every_character_of_a_value_knows_its_line()
    {
        var value = Assignments("\nX=1\nA=a'b\nc'\"d\\\n\\\ne\n\n\"$X").Assignments[^1];

        Assert.That(value.Value, Is.EqualTo("ab\ncde\n\n1"));
        var lines = Enumerable.Range(0, value.Value!.Length).Select(value.LineAt);
        Assert.That(string.Join(' ', lines), Is.EqualTo("3 3 3 4 4 6 6 7 8"));
    }

    [Test]
    public void Of_a_file_of_another_kind_ten_lines_are_enough()
    {
        var problems = Assignments(string.Concat(Enumerable.Range(1, 12).Select(number => $"root:x:{number}\n"))).Problems;

        Assert.That(problems, Has.Length.EqualTo(11));
        Assert.That(problems[^1].ToString(), Does.EndWith(": and 2 more such lines: is this the configuration file that is meant?"));
    }

    private static string? ValueAfterProblem(string text) => Assignments(text).Assignments[^1].Value;
}
