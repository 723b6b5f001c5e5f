import { Controller, Get } from '@nestjs/common';
import { ReportsService } from './reports.service.js';

@Controller('reports')
export class ReportsController {
  constructor(private readonly reports: ReportsService) {}

  @Get('operations')
  operations() {
    return this.reports.operations();
  }

  @Get('last-strikes')
  lastStrikes() {
    return this.reports.lastStrikes();
  }

  @Get('cancellations')
  cancellations() {
    return this.reports.cancellations();
  }
}
