import { Body, Controller, Get, Param, ParseIntPipe, Post } from '@nestjs/common';
import { FleetService } from './fleet.service.js';

@Controller('airlines/:airlineId')
export class FleetController {
  constructor(private readonly fleet: FleetService) {}

  @Get('maintenance')
  maintenance(@Param('airlineId', ParseIntPipe) airlineId: number) {
    return this.fleet.maintenance(airlineId);
  }

  @Get('fleet')
  use(@Param('airlineId', ParseIntPipe) airlineId: number) {
    return this.fleet.use(airlineId);
  }

  @Post('inspections')
  inspect(
    @Param('airlineId', ParseIntPipe) airlineId: number,
    @Body() { inspectedOn }: { inspectedOn: string },
  ) {
    return this.fleet.markInspected(airlineId, inspectedOn);
  }
}
