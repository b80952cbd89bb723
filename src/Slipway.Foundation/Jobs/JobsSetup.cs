using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Sql;

namespace Slipway.Foundation.Jobs;

/// <summary>Offers the queue of jobs; rooms that do work add a <see cref="JobKind"/> to the services.</summary>
public static class JobsSetup
{
    public static Room Room =>
        new("jobs")
        {
            Services = services =>
            {
                services.AddSingleton<JobBoard>();
                services.AddHostedService<JobRunner>();
            },
            Migrations = new MigrationSet("jobs", typeof(JobsSetup).Assembly, "Slipway.Foundation.Jobs.Migrations"),
        };
}
