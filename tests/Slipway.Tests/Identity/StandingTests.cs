using Slipway.Identity;

namespace Slipway.Tests.Identity;

public sealed class StandingTests
{
    private static readonly Resource Thing = Resource.Experiment("7");
    private static readonly Resource All = Resource.Every(ResourceKind.Experiment);
    private static readonly Resource Place = Resource.Workspace("default");

    [Fact]
    public void Who_was_given_nothing_may_do_nothing_and_is_no_member()
    {
        var standing = Standing([]);
        Assert.Equal(Level.None, standing.On(Thing));
        Assert.False(standing.IsMember);
    }

    [Fact]
    public void The_level_on_the_workspace_holds_for_what_is_in_it() =>
        Assert.Equal(Level.Edit, Standing([(Place, Level.Edit)]).On(Thing));

    [Theory]
    [InlineData(Level.None)]
    [InlineData(Level.Read)]
    [InlineData(Level.Manage)]
    public void What_is_said_about_the_thing_itself_decides_also_downwards(Level level) =>
        Assert.Equal(level, Standing([(Place, Level.Edit), (All, Level.Use), (Thing, level)]).On(Thing));

    [Fact]
    public void The_users_own_grant_on_a_thing_goes_before_those_of_roles() =>
        Assert.Equal(Level.None, Standing([(Thing, Level.None)], [(Thing, Level.Manage)]).On(Thing));

    [Fact]
    public void Of_several_roles_the_one_that_gives_most_counts() =>
        Assert.Equal(Level.Edit, Standing([], [(Thing, Level.Read)], [(Thing, Level.Edit)]).On(Thing));

    [Fact]
    public void A_roles_grant_on_a_thing_goes_before_the_level_on_the_workspace() =>
        Assert.Equal(Level.Read, Standing([(Place, Level.Edit)], [(Thing, Level.Read)]).On(Thing));

    [Fact]
    public void What_is_said_about_all_of_a_kind_goes_before_the_workspace_and_behind_the_thing()
    {
        var standing = Standing([(Place, Level.Read), (All, Level.Edit), (Thing, Level.Use)]);
        Assert.Equal(Level.Use, standing.On(Thing));
        Assert.Equal(Level.Edit, standing.On(Resource.Experiment("8")));
        Assert.Equal(Level.Read, standing.On(Resource.RegisteredModel("8")));
    }

    [Fact]
    public void On_the_workspace_the_highest_of_user_and_roles_counts() =>
        Assert.Equal(Level.Edit, Standing([(Place, Level.Read)], [(Place, Level.Edit)]).OnWorkspace);

    [Fact]
    public void Who_manages_the_workspace_cannot_be_locked_out_of_what_is_in_it() =>
        Assert.Equal(Level.Manage, Standing([(Thing, Level.None)], [(Place, Level.Manage)]).On(Thing));

    [Fact]
    public void A_model_named_like_a_pattern_is_a_model_and_nothing_more()
    {
        var standing = Standing([(Resource.RegisteredModel("*"), Level.Manage)]);
        Assert.Equal(Level.None, standing.On(Resource.RegisteredModel("fares")));
    }

    private static Standing Standing((Resource, Level)[] own, params (Resource, Level)[][] roles) =>
        new("default", Holding(own), [.. roles.Select(Holding)]);

    private static Holding Holding((Resource Resource, Level Level)[] given)
    {
        var holding = new Holding();
        foreach (var (resource, level) in given)
            holding.Set(resource, level);
        return holding;
    }
}
