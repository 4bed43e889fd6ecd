using ConfSync.Changes;
using ConfSync.Trees;

namespace ConfSync.Tests.Changes;

/// <summary>What a primary has to hold so that a push of it leaves a node as it is.</summary>
public sealed class AdoptionPlanTests
{
    private static readonly Entry Top = SampleTrees.Directory("/c");

    [Test]
    public void What_the_node_holds_otherwise_is_taken_and_what_it_lacks_goes()
    {
        var here = SampleTrees.Of(Top, SampleTrees.File("/c/changed", "here"), SampleTrees.File("/c/gone"), SampleTrees.File("/c/same", "same"), SampleTrees.File("/c/mode", "m"));
        var held = SampleTrees.Of(Top, SampleTrees.File("/c/changed", "there"), SampleTrees.File("/c/new", "new"), SampleTrees.File("/c/same", "same"), SampleTrees.File("/c/mode", "m", 0x180));

        var plan = AdoptionPlan.Of(here, here, held, _ => null);

        Assert.That(plan.Desired.Entries, Is.EqualTo(held.Entries));
        Assert.That(plan.Taken.Select(file => file.Path), Is.EqualTo(["/c/changed", "/c/new"]), "the contents that are not here");
        Assert.That(plan.Made, Is.Empty);
    }

    [Test]
    public void What_is_made_for_the_node_stays_as_it_is_here_while_the_node_holds_just_that()
    {
        var here = SampleTrees.Of(Top, SampleTrees.File("/c/edited", "listen here"), SampleTrees.File("/c/other", "old"));
        var pushed = SampleTrees.Of(Top, SampleTrees.File("/c/edited", "listen there"), SampleTrees.File("/c/other", "old"), SampleTrees.File("/c/own", "the node's"));
        var held = SampleTrees.Of(Top, SampleTrees.File("/c/edited", "listen there"), SampleTrees.File("/c/other", "new"), SampleTrees.File("/c/own", "the node's"));

        var plan = AdoptionPlan.Of(here, pushed, held, MadeFromOf);

        Assert.That(plan.Made, Is.Empty);
        Assert.That(plan.Desired.Entries, Is.EqualTo(SampleTrees.Of(Top, here["/c/edited"]!, held["/c/other"]!).Entries));
    }

    [Test]
    public void What_is_made_for_the_node_and_is_something_else_there_cannot_be_told()
    {
        var here = SampleTrees.Of(Top, SampleTrees.File("/c/edited", "listen here"));
        var pushed = SampleTrees.Of(Top, SampleTrees.File("/c/edited", "listen there"), SampleTrees.File("/c/own", "the node's"));
        var held = SampleTrees.Of(Top, SampleTrees.File("/c/edited", "listen there too"));

        Assert.That(AdoptionPlan.Of(here, pushed, held, MadeFromOf).Made, Is.EqualTo([new MadePath("/c/edited", MadeFrom.PostSync), new MadePath("/c/own", MadeFrom.OwnFile)]));
    }

    private static MadeFrom? MadeFromOf(string path) => path switch { "/c/edited" => MadeFrom.PostSync, "/c/own" => MadeFrom.OwnFile, _ => null };
}
