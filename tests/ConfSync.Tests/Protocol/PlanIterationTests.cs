using ConfSync.Protocol;

namespace ConfSync.Tests.Protocol;

/// <summary>How the script goes through a plan (push/plan.sh), in each shell that a peer may have.</summary>
internal sealed class PlanIterationTests
{
    private const string Plan = """
        view /etc/a
        dir /etc/a%20b
        + new%0Aline
        ~ old 0f
        - gone
        dir /
        ! kind
        @ /etc 755 root root 700 root www%2Ddata
        """;

    private const string Visit = "visit() { printf '[%s]' \"$stage\" \"$@\"; echo; }; id=17 directory= stage=; ";

    [Test]
    public void Only_the_operations_that_are_asked_for_are_visited_and_their_names_are_decoded() => Expect(
        "for_each_operation '+ ! @' visit",
        "[/etc/a b/.nginx-sync.17][+][new\nline]\n[/.nginx-sync.17][!][kind]\n[/.nginx-sync.17][@][/etc][755][root][root][700][root][www%2Ddata]\n");

    [Test]
    public void A_directory_is_left_once_it_has_had_all_its_lines() => Expect(
        "for_each_operation 'dir leave -' visit",
        "[/etc/a b/.nginx-sync.17][dir][/etc/a b]\n[/etc/a b/.nginx-sync.17][-][gone]\n[/etc/a b/.nginx-sync.17][leave]\n" +
        "[/.nginx-sync.17][dir][/]\n[/.nginx-sync.17][leave]\n");

    [TestCase("[ \"$1\" != '~' ]", "~ -", "1[~]")]
    [TestCase("[ \"$1\" != leave ]", "leave !", "1[leave]")]
    [TestCase(":", "!", "0[!]")]
    public void The_first_visit_that_fails_is_the_last(string verdict, string operations, string expected) =>
        Expect($"last() {{ seen=\"$seen[$1]\"; {verdict}; }}; for_each_operation '{operations}' last; echo \"$?$seen\"", expected + "\n");

    [Test]
    public void A_name_that_is_not_encoded_is_not_visited() =>
        Expect("printf '%s\\n' 'dir /etc' '- a%2' '- b' | { for_each_operation - visit; }", "[/etc/.nginx-sync.17][-][b]\n");

    [Test]
    public void What_is_collected_is_delivered_in_portions_whatever_the_words_are() => Expect(
        """
        run_it() { printf '%s:%s;' "$#" "$1"; [ "$1" != "it's 500" ]; }
        batch='' batched=0 n=0
        while [ "$n" -lt 1001 ]; do
          collect run_it "it's $n" || printf 'failed at %s;' "$n"
          n=$((n + 1))
        done
        deliver run_it
        deliver run_it
        echo
        """,
        "500:it's 0;500:it's 500;failed at 999;1:it's 1000;\n");

    private static void Expect(string commands, string expected)
    {
        foreach (var shell in RealShell.All)
        {
            var plan = string.Join(' ', Plan.Split('\n').Select(line => $"'{line}'"));
            var said = RealShell.Evaluate(shell, ConversationMode.Push, $"{Visit}printf '%s\\n' {plan} | {{\n{commands}\ncat >/dev/null\n}}");
            Assert.That(said, Is.EqualTo(expected), shell);
        }
    }
}
